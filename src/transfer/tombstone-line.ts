import { type FieldError, findUnstorable } from '../common/index.js';
import { hashTombstone, microseconds, type Tombstone } from '../ledger/index.js';
import { INTEGER_MAX, type JsonObject } from '../progression/index.js';

const BEGINNING = '{"tombstone":{';

/** Formats a tombstone as a line of an NDJSON export of all events. */
export function formatTombstone(tombstone: Tombstone): string {
  const { head, erased_at, prev_hash, hash } = tombstone;
  const form = {
    id: tombstone.id,
    head: head.toString('hex'),
    events: tombstone.events,
    merged_chains: tombstone.merged_chains,
    erased_at: microseconds(erased_at),
    actor: tombstone.actor,
    reason: tombstone.reason,
    prev_hash: prev_hash.toString('hex'),
    hash: hash.toString('hex'),
  };
  return `${JSON.stringify({ tombstone: form })}\n`;
}

/** Whether a text starts with the line of a tombstone. */
export function startsWithTombstone(text: string): boolean {
  return text.startsWith(BEGINNING);
}

/** The tombstone in a line of a file; null if the line is an event or an agent, which have no such field. */
export function getTombstone(line: JsonObject): unknown {
  return Object.keys(line).length === 1 ? (line['tombstone'] ?? null) : null;
}

const SHA_256 = /^[0-9a-f]{64}$/;
const MICROSECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}000Z$/;
const isWhole = (value: unknown, least: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= INTEGER_MAX;
const isText = (value: unknown, most: number): boolean =>
  typeof value === 'string' && value !== '' && [...value].length <= most && findUnstorable(value, '') === null;
const isHash = (value: unknown): boolean => typeof value === 'string' && SHA_256.test(value);

const RULES: Record<keyof Tombstone, { fits: (value: unknown) => boolean; must: string }> = {
  id: { fits: (value) => isWhole(value, 1), must: 'must be a whole number from 1' },
  head: { fits: isHash, must: 'must be 64 hexadecimal digits' },
  events: { fits: (value) => isWhole(value, 0), must: 'must be a whole number from 0' },
  merged_chains: { fits: (value) => isWhole(value, 0), must: 'must be a whole number from 0' },
  erased_at: {
    fits: (value) => typeof value === 'string' && MICROSECONDS.test(value) && !Number.isNaN(Date.parse(value)),
    must: 'must be a time in UTC with six digits, such as 2025-01-25T10:00:00.000000Z',
  },
  actor: {
    fits: (value) => value === null || isText(value, 100),
    must: 'must be a text of 1 to 100 characters, or null',
  },
  reason: { fits: (value) => isText(value, 500), must: 'must be a text of 1 to 500 characters' },
  prev_hash: { fits: isHash, must: 'must be 64 hexadecimal digits' },
  hash: { fits: isHash, must: 'must be 64 hexadecimal digits' },
};

/** Parses a tombstone of a file. Returns the errors if it is invalid, or does not match its hash. */
export function parseTombstone(value: unknown): Tombstone | FieldError[] {
  if (typeof value !== 'object' || value === null) return [{ field: 'tombstone', detail: 'must be a JSON object' }];
  const fields = value as Record<string, unknown>;
  const errors = [
    ...Object.keys(fields)
      .filter((name) => !Object.hasOwn(RULES, name))
      .map((name) => ({
        field: `tombstone.${name.slice(0, 100).toWellFormed()}`,
        detail: 'is not a field of a tombstone',
      })),
    ...Object.entries(RULES)
      .filter(([name, { fits }]) => !fits(fields[name]))
      .map(([name, { must }]) => ({ field: `tombstone.${name}`, detail: name in fields ? must : 'is missing' })),
  ];
  if (errors.length > 0) return errors;
  const { id, events, merged_chains, actor, reason } = fields as unknown as Tombstone;
  const { head, erased_at, prev_hash, hash } = fields as Record<string, string>;
  const toBytes = (text = ''): Buffer => Buffer.from(text, 'hex');
  const tombstone = {
    id,
    head: toBytes(head),
    events,
    merged_chains,
    erased_at: new Date(erased_at ?? ''),
    actor,
    reason,
    prev_hash: toBytes(prev_hash),
    hash: toBytes(hash),
  };
  const isUnchanged = hashTombstone(tombstone).equals(tombstone.hash);
  return isUnchanged ? tombstone : [{ field: 'tombstone.hash', detail: 'is not the hash of the tombstone' }];
}
