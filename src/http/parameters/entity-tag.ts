import { crc32 } from 'node:zlib';
import type { Versions } from '../../progression/index.js';
import { validationFailed } from '../../common/index.js';

/** `*`, or entity tags, separated by commas (RFC 9110, section 8.8.3). */
const ENTITY_TAGS = /^(\*|(W\/)?"[^"]*"([ \t]*,[ \t]*(W\/)?"[^"]*")*)$/;
const ENTITY_TAG = /(W\/)?"([^"]*)"/g;
/** A version, and what a document of it may have besides. */
const VERSION = /^([1-9]\d{0,9})(?:-[0-9a-f]{8})?$/;

/** The entity tag of an agent at this version, as writes answer it. */
export function toEntityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The entity tag of a document that shows an agent at this version. It has a checksum of the text: a row that was
 * rebuilt, or changed by hand, is another document of the same version.
 */
export function toDocumentTag(version: number, text: string): string {
  return `"${version}-${crc32(text).toString(16).padStart(8, '0')}"`;
}

/**
 * The versions that a header such as If-Match names, by tags of either form; undefined without the header. Tags that no
 * agent can have name none.
 *
 * @param comparison weak takes `W/"3"` for version 3, strong never does, as the headers' definitions ask
 * @throws DomainError `validation_failed` when it isn't a list of entity tags
 */
export function parseVersions(
  header: string,
  value: string | undefined,
  comparison: 'weak' | 'strong',
): Versions | undefined {
  const tags = parseTags(header, value);
  if (tags === undefined || tags === '*') return tags;
  return tags.flatMap(({ isWeak, tag }) => {
    const version = VERSION.exec(tag)?.[1];
    return version !== undefined && (!isWeak || comparison === 'weak') ? [Number(version)] : [];
  });
}

/**
 * Whether a header such as If-None-Match names this entity tag, by weak comparison.
 *
 * @throws DomainError `validation_failed` when it isn't a list of entity tags
 */
export function matchesTag(header: string, value: string | undefined, entity: string): boolean {
  const tags = parseTags(header, value);
  return tags === '*' || (tags?.some(({ tag }) => `"${tag}"` === entity) ?? false);
}

function parseTags(header: string, value: string | undefined): '*' | { isWeak: boolean; tag: string }[] | undefined {
  if (value === undefined) return undefined;
  if (!ENTITY_TAGS.test(value)) {
    const detail = `must be * or entity tags with their quotes, such as ${toEntityTag(14)}`;
    throw validationFailed([{ field: header, detail }]);
  }
  if (value === '*') return value;
  return [...value.matchAll(ENTITY_TAG)].map(([, weak, tag = '']) => ({ isWeak: weak !== undefined, tag }));
}
