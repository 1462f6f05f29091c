import { PAGE_LIMIT } from '../../src/common/page.js';
import type { BenchDatabase } from '../bench-database.js';
import { FailedRunError } from '../failed-run.error.js';
import type { HttpClient } from './http-client.js';

/** The agent in the middle of those that were tested, in the order of their creation. */
export async function agentInTheMiddle(database: BenchDatabase): Promise<string> {
  const [agent] = await database.query<{ agent_type: string }>(`
    SELECT agent_type FROM agent_metrics WHERE total_tests_given > 0 ORDER BY created_at
    OFFSET (SELECT count(*) / 2 FROM agent_metrics WHERE total_tests_given > 0) LIMIT 1`);
  if (!agent) throw new Error('a ledger with events has no agent that was tested');
  return agent.agent_type;
}

/** Reads the ranking down to its middle, and returns what opens the next page. */
export async function cursorInTheMiddle(client: HttpClient, agents: number): Promise<string> {
  const limit = Math.min(PAGE_LIMIT, Math.ceil(agents / 2));
  let cursor: string | null = null;
  for (let read = 0; read < agents / 2; read += limit) {
    const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/api/agent-metrics/leaderboard?limit=${limit}${after}`;
    const page = JSON.parse(await client.send({ method: 'GET', path })) as { next_cursor: string | null };
    cursor = page.next_cursor;
  }
  if (cursor === null) throw new FailedRunError('the ranking has no second half');
  return cursor;
}
