import { hash } from 'node:crypto';
import type { DecidedEvent } from '../progression/index.js';
import { canonicalJson } from './canonical-json.js';

/** Previous hash of an agent's first event: 32 zero bytes. */
export const GENESIS_HASH: Buffer = Buffer.alloc(32);

/** Actor and idempotency identity of an event; null if unknown or absent. */
export interface Provenance {
  actor: string | null;
  idempotency_key: string | null;
  request_hash: Buffer | null;
}

/** An event as stored in the ledger, linked to the agent's previous event. */
export type LinkedEvent = DecidedEvent & Provenance & { prev_hash: Buffer; hash: Buffer };

/** A new event with its row: JSON of what was hashed, with the snapshot as columns. */
export type SealedEvent = LinkedEvent & { row: string };

/**
 * Links the events of a command, oldest first, to the head of the agent's hash chain (null: no events). Only the newest
 * event has the idempotency identity; its result is the response.
 */
export function seal(
  events: readonly DecidedEvent[],
  { actor, idempotency_key, request_hash }: Provenance,
  head: Buffer | null,
): SealedEvent[] {
  let previous = head ?? GENESIS_HASH;
  return events.map((event, index) => {
    const identity =
      index === events.length - 1 ? { idempotency_key, request_hash } : { idempotency_key: null, request_hash: null };
    const recorded = { ...event, actor, ...identity };
    const { canonical, row } = toTexts(recorded);
    const sealed = { ...recorded, prev_hash: previous, hash: hashCanonical(canonical, previous), row };
    previous = sealed.hash;
    return sealed;
  });
}

/** Values of an event whose hashed form differs from the form in memory. */
export interface HashedForms {
  /** ISO 8601 in UTC, with microseconds. */
  occurred_at: string;
  recorded_at: string;
  /** Hexadecimal. */
  request_hash: string | null;
}

/** The hashed forms of a new event. */
export function toHashedForms(event: DecidedEvent & Provenance): HashedForms {
  return {
    occurred_at: microseconds(event.occurred_at),
    recorded_at: microseconds(event.recorded_at),
    request_hash: event.request_hash?.toString('hex') ?? null,
  };
}

/** Canonical JSON of a new event, and its row, composed of the same parts: each value is serialized once. */
function toTexts(event: DecidedEvent & Provenance): { canonical: string; row: string } {
  const { metrics, ...others } = event.result;
  const { before, after } = toParts(event, toHashedForms(event));
  const result = canonicalJson(others);
  const snapshot = canonicalJson(metrics);
  return {
    // `metrics` is the last key of `result`.
    canonical: `${before},"result":${result.slice(0, -1)},"metrics":${snapshot}},${after}`,
    row: `${before},"result":${result},${snapshot.slice(1, -1)},${after}`,
  };
}

type HashedEvent = Omit<DecidedEvent & Provenance, keyof HashedForms>;

/**
 * Computes the SHA-256 of the previous hash (32 bytes) followed by the event's canonical JSON (RFC 8785, UTF-8). Values
 * are hashed as PostgreSQL returns them: times with microseconds, hashes in hexadecimal, numbers as doubles.
 */
export function hashRecord(event: HashedEvent, forms: HashedForms, previous: Buffer): Buffer {
  return hashCanonical(toCanonicalJson(event, forms), previous);
}

function toCanonicalJson(event: HashedEvent, forms: HashedForms): string {
  const { before, after } = toParts(event, forms);
  return `${before},"result":${canonicalJson(event.result)},${after}`;
}

/** Canonical JSON of an event before and after its key `result`. The keys are sorted, for speed. */
function toParts(
  event: HashedEvent,
  { occurred_at, recorded_at, request_hash }: HashedForms,
): { before: string; after: string } {
  const { actor, agent_type, idempotency_key, payload, rules_version, type, version } = event;
  const before = { actor, agent_type, idempotency_key, occurred_at, payload, recorded_at, request_hash };
  return {
    before: canonicalJson(before).slice(0, -1),
    after: canonicalJson({ rules_version, type, version }).slice(1),
  };
}

function hashCanonical(canonical: string, previous: Buffer): Buffer {
  return hash('sha256', Buffer.concat([previous, Buffer.from(canonical, 'utf8')]), 'buffer');
}

/** Formats a time as ISO 8601 in UTC with microseconds, the precision of timestamptz. */
export function microseconds(time: Date): string {
  return `${time.toISOString().slice(0, -1)}000Z`;
}
