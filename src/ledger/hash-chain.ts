import { createHash } from 'node:crypto';
import type { DecidedEvent } from '../progression/index.js';
import { canonicalJson } from './canonical-json.js';

/** What stands where an agent's first event would have the hash of the one before. */
export const GENESIS_HASH: Buffer = Buffer.alloc(32);

/** Who asked for an event, and the key and hash of the request where one came with it. */
export interface Provenance {
  actor: string | null;
  idempotency_key: string | null;
  request_hash: Buffer | null;
}

export type UnsealedEvent = DecidedEvent & Provenance;

/** An event as the ledger keeps it: chained to the agent's event before. */
export type SealedEvent = UnsealedEvent & { prev_hash: Buffer; hash: Buffer };

/** Chains events of one agent, oldest first, to the hash of the event before them. */
export function seal(events: readonly UnsealedEvent[], head: Buffer | null): SealedEvent[] {
  let previous = head ?? GENESIS_HASH;
  return events.map((event) => {
    const sealed = { ...event, prev_hash: previous, hash: hashEvent(event, previous) };
    previous = sealed.hash;
    return sealed;
  });
}

/** Those values of an event that the program holds in another form than the one that is hashed. */
export interface HashedForms {
  /** ISO 8601 in UTC, in microseconds. */
  occurred_at: string;
  recorded_at: string;
  /** Hexadecimal. */
  request_hash: string | null;
}

/** The hash of an event that was decided just now. */
export function hashEvent(event: UnsealedEvent, previous: Buffer): Buffer {
  const forms = {
    occurred_at: microseconds(event.occurred_at),
    recorded_at: microseconds(event.recorded_at),
    request_hash: event.request_hash?.toString('hex') ?? null,
  };
  return hashRecord(event, forms, previous);
}

/**
 * SHA-256 over the previous hash (32 bytes) and the event's canonical JSON (RFC 8785, UTF-8). Hashed are the values as
 * PostgreSQL gives them back: times in microseconds, hashes in hexadecimal, numbers as doubles.
 */
export function hashRecord(
  event: Omit<UnsealedEvent, keyof HashedForms>,
  { occurred_at, recorded_at, request_hash }: HashedForms,
  previous: Buffer,
): Buffer {
  // In the order of canonical JSON, which makes it cheap to write.
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

/** ISO 8601 in UTC with the six digits that a timestamptz has. */
export function microseconds(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
