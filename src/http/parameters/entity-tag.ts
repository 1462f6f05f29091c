import { crc32 } from 'node:zlib';
import type { Versions } from '../../progression/index.js';
import { validationFailed } from '../../common/index.js';

/** `*`, or entity tags, separated by commas (RFC 9110, section 8.8.3). */
const ENTITY_TAGS = /^(\*|(W\/)?"[^"]*"([ \t]*,[ \t]*(W\/)?"[^"]*")*)$/;
const ENTITY_TAG = /(W\/)?"([^"]*)"/g;
/** A version, optionally with the checksum of a document. */
const VERSION = /^([1-9]\d{0,9})(?:-[0-9a-f]{8})?$/;

/** Entity tag of an agent at this version, returned by writes. */
export function toEntityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Entity tag of a document of an agent at this version, returned by reads. The checksum distinguishes documents of the same
 * version, such as of a row that was rebuilt or edited manually.
 */
export function toDocumentTag(version: number, text: string | Uint8Array): string {
  return `"${version}-${crc32(text).toString(16).padStart(8, '0')}"`;
}

/**
 * Parses the versions in a header such as If-Match, which contains tags of either form. Tags that no agent can have are
 * ignored.
 *
 * @param header name of the header, for the error
 * @param comparison weak: `W/"3"` matches version 3; strong: it does not (RFC 9110, section 8.8.3.2)
 * @returns undefined without the header
 * @throws DomainError `validation_failed` if the value is not a list of entity tags
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
 * Whether a header such as If-None-Match contains this entity tag, by weak comparison.
 *
 * @throws DomainError `validation_failed` if the value is not a list of entity tags
 */
export function matchesTag(header: string, value: string | undefined, entity: string): boolean {
  const tags = parseTags(header, value);
  return tags === '*' || (tags?.some(({ tag }) => `"${tag}"` === entity) ?? false);
}

function parseTags(header: string, value: string | undefined): '*' | { isWeak: boolean; tag: string }[] | undefined {
  if (value === undefined) return undefined;
  if (!ENTITY_TAGS.test(value)) {
    const detail = `must be * or quoted entity tags, such as ${toEntityTag(14)}`;
    throw validationFailed([{ field: header, detail }]);
  }
  if (value === '*') return value;
  return [...value.matchAll(ENTITY_TAG)].map(([, weak, tag = '']) => ({ isWeak: weak !== undefined, tag }));
}
