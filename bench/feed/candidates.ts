import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Sequencer } from '../../src/feed/sequence/sequencer.js';
import type { TransactionRunner } from '../../src/database/transactions/index.js';
import type { BenchDatabase } from '../bench-database.js';

/** Events of one transaction, as in a round of the group commit. */
const ROUND = 64;
const WRITERS = 2;
const SEQUENCE_INTERVAL_MS = 40;

/** A way to number committed events: changes to a migrated database, and a round of its sequencer. */
export interface Numbering {
  name: string;
  prepare: string;
  /** Statement that ends each transaction of the writers. */
  atEnd?: string;
  createRound: (client: pg.Client) => () => Promise<unknown>;
}

const MOVE = `
  WITH moved AS (DELETE FROM feed_queue RETURNING agent_type, version)
  INSERT INTO feed (agent_type, version) SELECT agent_type, version FROM moved ORDER BY agent_type, version`;
const QUEUE = `
  DROP INDEX ix_agent_events_id;
  CREATE TABLE feed_queue (agent_type varchar(50), version integer);
  CREATE TABLE feed (position bigserial PRIMARY KEY, agent_type varchar(50), version integer);
  CREATE FUNCTION queue_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO feed_queue SELECT agent_type, version FROM added; RETURN NULL; END $$;
  CREATE TRIGGER queue_events AFTER INSERT ON agent_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION queue_events()`;

export const NUMBERINGS: readonly Numbering[] = [
  { name: 'none', prepare: 'DROP INDEX ix_agent_events_id', createRound: () => () => Promise.resolve() },
  { name: 'segments', prepare: 'SELECT 1', createRound: createSequencer },
  {
    name: 'segments, NOTIFY in each transaction',
    prepare: 'SELECT 1',
    atEnd: `SELECT pg_notify('feed', '')`,
    createRound: createSequencer,
  },
  { name: 'queue', prepare: QUEUE, createRound: (client) => () => client.query(MOVE) },
];

function createSequencer(client: pg.Client): () => Promise<unknown> {
  const session = {
    query: async (sql: string, values?: unknown[]) => (await client.query<pg.QueryResultRow>(sql, values)).rows,
  };
  const sequencer = new Sequencer({
    run: async (work: (session: unknown) => Promise<unknown>) => {
      await client.query('BEGIN');
      const result = await work(session);
      await client.query('COMMIT');
      return result;
    },
  } as unknown as TransactionRunner);
  return () => sequencer.advance();
}

const APPEND = `
  INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash)
  SELECT $1 || number % 16, $2::integer + number, 'custody_test',
         jsonb_build_object('passed', true, 'score', 80, 'duration', 1.5, 'difficulty', 'basic', 'timestamp', now(), 'xp_awarded', 10),
         '{}', 3, now(), now(), sha256(number::text::bytea), sha256(number::text::bytea)
    FROM generate_series(1, ${ROUND}) number`;

export interface Measured {
  eventsPerSecond: number;
  /** Median duration of a round of the sequencer, in milliseconds. */
  roundMs: number;
}

/** Measures writers and sequencer for a time. @param isHeld whether another transaction holds a snapshot meanwhile */
export async function measureNumbering(
  database: BenchDatabase,
  { atEnd, createRound }: Numbering,
  seconds: number,
  isHeld: boolean,
): Promise<Measured> {
  const connect = async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    return client;
  };
  const holder = await connect();
  if (isHeld)
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT txid_current(); SELECT count(*) FROM api_keys');
  const until = performance.now() + seconds * 1_000;
  let rounds = 0;
  const write = async (name: string) => {
    const client = await connect();
    for (let version = 0; performance.now() < until; version += ROUND) {
      await client.query('BEGIN');
      await client.query({ name: 'append', text: APPEND, values: [name, version] });
      if (atEnd !== undefined) await client.query(atEnd);
      await client.query('COMMIT');
      rounds++;
    }
    await client.end();
  };
  const durations: number[] = [];
  const sequence = async () => {
    const client = await connect();
    const round = createRound(client);
    while (performance.now() < until) {
      const startedAt = performance.now();
      await round();
      durations.push(performance.now() - startedAt);
      await sleep(SEQUENCE_INTERVAL_MS);
    }
    await client.end();
  };
  const prefix = `w${Date.now()}`;
  await Promise.all([...Array.from({ length: WRITERS }, (_, index) => write(`${prefix}.${index}.`)), sequence()]);
  await holder.end();
  durations.sort((one, other) => one - other);
  return { eventsPerSecond: (rounds * ROUND) / seconds, roundMs: durations[durations.length >> 1] ?? NaN };
}
