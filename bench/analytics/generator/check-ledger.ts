import { deepStrictEqual } from 'node:assert';
import { type AgentState, defaultState, snapshot } from '../../../src/progression/agent-state.js';
import type { DecidedEvent } from '../../../src/progression/events.js';
import { evolve } from '../../../src/progression/evolve.js';
import type { BenchDatabase } from '../../bench-database.js';
import type { LedgerSize } from './generate-ledger.js';

const SAMPLE = 100;

const SUMS = `
  SELECT (SELECT count(*) FROM agent_metrics)::float8 AS agents,
         (SELECT sum(version) FROM agent_metrics)::float8 AS events,
         (SELECT sum(tests) FROM test_rollups_by_hour WHERE agent_type = '*')::float8 AS events_by_hour,
         (SELECT sum(tests) FROM test_rollups_by_kind WHERE agent_type <> '*')::float8 AS events_by_kind`;

const SAMPLE_OF_AGENTS = `SELECT * FROM agent_metrics ORDER BY hashtext(agent_type) LIMIT ${SAMPLE}`;

/**
 * Compares what was generated with what the service would have made of it: the rollups count every event, and the rows of
 * some agents are their events folded by the service's own rules.
 *
 * @throws AssertionError that shows the difference
 */
export async function checkLedger(database: BenchDatabase, { agents, events }: LedgerSize): Promise<void> {
  deepStrictEqual(await database.query(SUMS), [{ agents, events, events_by_hour: events, events_by_kind: events }]);
  for (const row of await database.query<AgentState>(SAMPLE_OF_AGENTS)) {
    const ledger = await database.query<DecidedEvent>(
      'SELECT * FROM ledger_events WHERE agent_type = $1 ORDER BY version',
      [row.agent_type],
    );
    let state = beforeTests(row);
    for (const event of ledger) {
      state = evolve(state, event);
      deepStrictEqual(event.result, { created: false, metrics: snapshot(state) });
    }
    deepStrictEqual({ ...row, ...state }, row);
  }
}

/** The agent with what no test gave it. */
function beforeTests(row: AgentState): AgentState {
  const { learning_score, total_learning_cycles, is_active } = row;
  return { ...defaultState(row, 0, row.created_at), learning_score, total_learning_cycles, is_active };
}
