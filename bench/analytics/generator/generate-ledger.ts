import { migrate } from '../../../src/database/schema/run-migrations.js';
import type { BenchDatabase } from '../../bench-database.js';
import { INSERT_AGENTS } from './agent-rows.js';
import { createAgents } from './agents.js';
import { APPEND_EVENTS } from './events.js';
import { dropIndexes } from './index-definitions.js';
import { ADD_UNTESTED, GIVE_NEXT_TESTS, START_FROM_TESTED } from './next-tests.js';

const SETTINGS = {
  // No triggers: the rollups are made at once when all events are there.
  session_replication_role: 'replica',
  synchronous_commit: 'off',
  temp_buffers: '256MB',
  work_mem: '512MB',
  maintenance_work_mem: '1GB',
};
const PROGRESS_EVERY_MS = 10_000;

export interface LedgerSize {
  agents: number;
  /** Tests, of all agents together. */
  events: number;
}

/** When the tests took place. */
export interface Period {
  begin: Date;
  end: Date;
}

/**
 * Gives an empty database the schema, agents and a ledger of tests, straight in SQL; the same ones in every run, but for
 * the period. Needs a superuser.
 */
export async function generateLedger(
  database: BenchDatabase,
  size: LedgerSize,
  period: Period,
  log: (message: string) => void,
): Promise<void> {
  const step = async (what: string, work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    log(`${what}: ${((performance.now() - start) / 1e3).toFixed(1)} s`);
  };
  await migrate(database.connection);
  for (const [name, value] of Object.entries(SETTINGS)) await database.query(`SET ${name} = '${value}'`);
  await database.query('BEGIN');
  // With wal_level = minimal, what is written to a table that the same transaction emptied is not logged.
  await database.query('TRUNCATE agent_metrics, agent_events');
  const indexes = await dropIndexes(database, 'agent_events');
  await step('events', () => generateEvents(database, size, period, log));
  await step('indexes of the ledger', async () => {
    for (const index of indexes) await database.query(index);
    await database.query('ANALYZE agent_events');
  });
  await step('rows of the agents', () => database.query(INSERT_AGENTS, [period.begin, size.agents]));
  await database.query('COMMIT');
  await step('rebuild_rollups()', () => database.query('SELECT rebuild_rollups()'));
  await step('VACUUM ANALYZE', () => database.query('VACUUM ANALYZE'));
  await database.query('CHECKPOINT');
  for (const name of Object.keys(SETTINGS)) await database.query(`RESET ${name}`);
}

async function generateEvents(
  database: BenchDatabase,
  { agents, events }: LedgerSize,
  { begin, end }: Period,
  log: (message: string) => void,
): Promise<void> {
  await database.query(createAgents(agents, events));
  let logged = performance.now();
  for (let testsLeft = Math.ceil(events / agents); testsLeft > 0; testsLeft--) {
    await database.query(GIVE_NEXT_TESTS, [testsLeft, begin, end.getTime() - begin.getTime()]);
    await database.query(APPEND_EVENTS);
    await database.query(ADD_UNTESTED, [testsLeft]);
    await database.query(START_FROM_TESTED);
    if (performance.now() - logged < PROGRESS_EVERY_MS) continue;
    log(`${(events - (testsLeft - 1) * agents).toLocaleString('en-US')} events so far`);
    logged = performance.now();
  }
}
