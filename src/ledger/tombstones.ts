import { createHash } from 'node:crypto';
import type { Session } from '../database/transactions/index.js';
import { canonicalJson } from './canonical-json.js';
import { GENESIS_HASH, microseconds } from './hash-chain.js';

/** Facts of an erased agent. */
export interface TombstoneFacts {
  /** Hash of the agent's newest event; 32 zero bytes if it had none. */
  head: Buffer;
  events: number;
  merged_chains: number;
  erased_at: Date;
  actor: string | null;
  reason: string;
}

/** A tombstone, linked to the previous one. */
export interface Tombstone extends TombstoneFacts {
  id: number;
  prev_hash: Buffer;
  hash: Buffer;
}

/** Computes the SHA-256 of the previous hash followed by the canonical JSON of the tombstone (RFC 8785). */
export function hashTombstone(tombstone: Omit<Tombstone, 'hash'>): Buffer {
  const { actor, erased_at, events, head, id, merged_chains, prev_hash, reason } = tombstone;
  const facts = {
    actor,
    erased_at: microseconds(erased_at),
    events,
    head: head.toString('hex'),
    id,
    merged_chains,
    reason,
  };
  return createHash('sha256').update(prev_hash).update(canonicalJson(facts), 'utf8').digest();
}

const COLUMNS = 'id, head, events, merged_chains, erased_at, actor, reason, prev_hash, hash';
const NEWEST = 'SELECT id, hash FROM agent_tombstones ORDER BY id DESC LIMIT 1';
const ADD = `INSERT INTO agent_tombstones (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
const FIND = 'SELECT hash FROM agent_tombstones WHERE id = $1';
const READ_AFTER = `SELECT ${COLUMNS} FROM agent_tombstones WHERE id > $1 ORDER BY id LIMIT $2`;
const READ = `SELECT ${COLUMNS} FROM agent_tombstones ORDER BY id`;

/** Other transactions that erase agents wait until the end of the transaction. */
export async function lockTombstones(session: Session): Promise<void> {
  await session.query('LOCK TABLE agent_tombstones IN EXCLUSIVE MODE');
}

/** Appends a tombstone, after a lock. */
export async function addTombstone(session: Session, facts: TombstoneFacts): Promise<Tombstone> {
  await lockTombstones(session);
  const [newest] = await session.query<{ id: number; hash: Buffer }[]>(NEWEST);
  const linked = { ...facts, id: (newest?.id ?? 0) + 1, prev_hash: newest?.hash ?? GENESIS_HASH };
  const tombstone = { ...linked, hash: hashTombstone(linked) };
  await insertTombstone(session, tombstone);
  return tombstone;
}

/**
 * Result of the import of a tombstone: `added`, `known` (it exists), `conflict` (another one has its id), or `unchained` (it
 * does not follow the newest one).
 */
export type TombstoneImportResult = 'added' | 'known' | 'conflict' | 'unchained';

/** Adds a tombstone of another database if it is the next one. Requires a lock. */
export async function importTombstone(session: Session, tombstone: Tombstone): Promise<TombstoneImportResult> {
  const [known] = await session.query<{ hash: Buffer }[]>(FIND, [tombstone.id]);
  if (known) return known.hash.equals(tombstone.hash) ? 'known' : 'conflict';
  const [newest] = await session.query<{ id: number; hash: Buffer }[]>(NEWEST);
  const follows = tombstone.id === (newest?.id ?? 0) + 1 && tombstone.prev_hash.equals(newest?.hash ?? GENESIS_HASH);
  if (!follows) return 'unchained';
  await insertTombstone(session, tombstone);
  return 'added';
}

/** Reads tombstones, oldest first. @param after id of the previous one; 0: none */
export async function readTombstones(session: Session, after: number, limit: number): Promise<Tombstone[]> {
  return session.query(READ_AFTER, [after, limit]);
}

async function insertTombstone(session: Session, tombstone: Tombstone): Promise<void> {
  const { id, head, events, merged_chains, erased_at, actor, reason, prev_hash, hash } = tombstone;
  await session.query(ADD, [id, head, events, merged_chains, erased_at, actor, reason, prev_hash, hash]);
}

/** Verifies the chain of tombstones. Returns their number, and the invalid ones. */
export async function verifyTombstones(
  session: Session,
): Promise<{ count: number; invalid: { id: number; problem: string }[] }> {
  const tombstones = await session.query<Tombstone[]>(READ);
  const invalid: { id: number; problem: string }[] = [];
  let previous = { id: 0, hash: GENESIS_HASH };
  for (const tombstone of tombstones) {
    const { id, prev_hash, hash } = tombstone;
    const isNext = id === previous.id + 1 && prev_hash.equals(previous.hash);
    if (!isNext) invalid.push({ id, problem: 'is not chained to the previous one' });
    if (!hashTombstone(tombstone).equals(hash)) invalid.push({ id, problem: 'does not match its hash' });
    previous = { id, hash };
  }
  return { count: tombstones.length, invalid };
}
