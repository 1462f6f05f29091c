import { createHash } from 'node:crypto';

/** Characters of a name that are kept. Longer names end with a hash. */
const NAME_MAX = 1000;

export interface Suite {
  name: string;
  timestamp: string | null;
  hostname: string | null;
}

/** Reads the attributes of `testsuites` or `testsuite`. */
export function toSuite(attributes: Readonly<Record<string, string>>): Suite {
  return {
    name: boundName(attributes['name'] ?? ''),
    timestamp: boundText(attributes['timestamp']),
    hostname: boundText(attributes['hostname']),
  };
}

/** A name as it is, or shortened with a hash of the whole. */
export function boundName(name: string): string {
  if (name.length <= NAME_MAX) return name;
  return `${name.slice(0, NAME_MAX)}#${createHash('sha256').update(name).digest('hex')}`;
}

export function boundText(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text.slice(0, NAME_MAX);
}
