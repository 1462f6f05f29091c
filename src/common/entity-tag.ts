import type { Versions } from '../progression/precondition.js';
import { validationFailed } from './domain-error.js';

/** `*`, or entity tags, separated by commas (RFC 9110, section 8.8.3). */
const ENTITY_TAGS = /^(\*|(W\/)?"[^"]*"([ \t]*,[ \t]*(W\/)?"[^"]*")*)$/;
const ENTITY_TAG = /(W\/)?"([^"]*)"/g;
const VERSION = /^[1-9]\d{0,9}$/;

/** The entity tag of an agent at this version. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The versions that a header such as If-Match names; undefined without the header. Tags that no agent can have name none.
 *
 * @param comparison weak takes `W/"3"` for version 3, strong never does, as the headers' definitions ask
 * @throws DomainError `validation_failed` when it isn't a list of entity tags
 */
export function versionsIn(
  header: string,
  value: string | undefined,
  comparison: 'weak' | 'strong',
): Versions | undefined {
  if (value === undefined) return undefined;
  if (!ENTITY_TAGS.test(value)) {
    const detail = `must be * or entity tags with their quotes, such as ${entityTag(14)}`;
    throw validationFailed([{ field: header, detail }]);
  }
  if (value === '*') return value;
  return [...value.matchAll(ENTITY_TAG)].flatMap(([, weak, tag = '']) =>
    VERSION.test(tag) && (weak === undefined || comparison === 'weak') ? [Number(tag)] : [],
  );
}
