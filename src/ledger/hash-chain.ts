import { createHash } from 'node:crypto';
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
export type SealedEvent = DecidedEvent & Provenance & { prev_hash: Buffer; hash: Buffer };

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
    const sealed = { ...recorded, prev_hash: previous, hash: hashEvent(recorded, previous) };
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

/** Computes the hash of a new event. */
export function hashEvent(event: DecidedEvent & Provenance, previous: Buffer): Buffer {
  const forms = {
    occurred_at: microseconds(event.occurred_at),
    recorded_at: microseconds(event.recorded_at),
    request_hash: event.request_hash?.toString('hex') ?? null,
  };
  return hashRecord(event, forms, previous);
}

/**
 * Computes the SHA-256 of the previous hash (32 bytes) followed by the event's canonical JSON (RFC 8785, UTF-8). Values
 * are hashed as PostgreSQL returns them: times with microseconds, hashes in hexadecimal, numbers as doubles.
 */
export function hashRecord(
  event: Omit<DecidedEvent & Provenance, keyof HashedForms>,
  { occurred_at, recorded_at, request_hash }: HashedForms,
  previous: Buffer,
): Buffer {
  // Keys sorted as in canonical JSON, for speed.
  const canonical = canonicalJson({
    actor: event.actor,
    agent_type: event.agent_type,
    idempotency_key: event.idempotency_key,
    occurred_at,
    payload: event.payload,
    recorded_at,
    request_hash,
    result: event.result,
    rules_version: event.rules_version,
    type: event.type,
    version: event.version,
  });
  return createHash('sha256').update(previous).update(canonical, 'utf8').digest();
}

/** Formats a time as ISO 8601 in UTC with microseconds, the precision of timestamptz. */
export function microseconds(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
