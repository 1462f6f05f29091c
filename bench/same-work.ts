import { deepStrictEqual } from 'node:assert';
import type { BenchDatabase } from './bench-database.js';
import { runPgbenchOnce } from './pgbench.js';
import { AGENTS, agentName, requestFor } from './workloads.js';

/** A service and its database. */
export interface Served {
  url: string;
  database: BenchDatabase;
}

const AGENT = AGENTS.hot.first;
/** Values that differ between runs. */
const TIMES_AND_HASHES = ['timestamp', 'updated_at', 'ledger_hash'];

/**
 * Lets each record one result of the same agent, and compares what they answer and what they leave behind: speeds can
 * be compared when the work is the same.
 *
 * @throws AssertionError that shows the difference
 */
export async function assertSameWork(ours: Served, rival: Served, pgbench: BenchDatabase | null): Promise<void> {
  for (const workload of ['hot', 'read'] as const) {
    deepStrictEqual(await answer(rival.url, workload), await answer(ours.url, workload));
  }
  const expected = await recorded(ours.database);
  deepStrictEqual(await recorded(rival.database), expected);
  if (!pgbench) return;
  await runPgbenchOnce(pgbench.connection, AGENTS.hot);
  deepStrictEqual(await recorded(pgbench), expected);
}

async function answer(url: string, workload: 'hot' | 'read'): Promise<unknown> {
  const { path, method, headers, body } = requestFor(workload, AGENT);
  const response = await fetch(`${url}${path ?? ''}`, {
    method: method ?? 'GET',
    headers: { ...(headers as Record<string, string> | undefined) },
    body: body ?? null,
  });
  return JSON.parse(await response.text(), (key, value: unknown) =>
    TIMES_AND_HASHES.includes(key) ? typeof value : value,
  ) as unknown;
}

/** The agent's row and its newest event's payload. */
async function recorded(database: BenchDatabase): Promise<unknown> {
  return database.query(
    `SELECT to_jsonb(agent) - $2::text[] AS row, payload FROM agent_metrics agent
       JOIN agent_events USING (agent_type, version) WHERE agent_type = $1`,
    [agentName(AGENT), TIMES_AND_HASHES],
  );
}
