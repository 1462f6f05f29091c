import type { BenchDatabase } from './bench-database.js';
import { startOurService } from './our-service.js';
import { AGENTS, agentName, agentNumbers } from './workloads.js';

const HISTORY_LENGTH = 50;
const XP_AWARDED = 25;
const FIRST_TEST = Date.parse('2025-01-01T08:00:00Z');
const TEST_EVERY_MS = 613_000;
/** Keeps a request below the limit of its size. */
const AGENTS_PER_REQUEST = 100;

/**
 * Migrates the database and gives it all agents of the workloads, each with a full history, by way of the service: rows
 * and ledger are as they are in use.
 */
export async function prepareAgents(database: BenchDatabase): Promise<void> {
  const service = await startOurService(database, { prepared: true, profile: undefined });
  try {
    const agents = Object.values(AGENTS).flatMap(agentNumbers);
    for (let done = 0; done < agents.length; done += AGENTS_PER_REQUEST) {
      await bulkUpdate(service.url, agents.slice(done, done + AGENTS_PER_REQUEST));
    }
  } finally {
    await service.stop();
  }
  await database.query('VACUUM ANALYZE');
}

async function bulkUpdate(url: string, agents: readonly number[]): Promise<void> {
  const updates = Object.fromEntries(agents.map((agent) => [agentName(agent), metricsAfterTests(agent)]));
  const response = await fetch(`${url}/api/agent-metrics/bulk-update`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ updates }),
  });
  if (!response.ok) throw new Error(`the agents cannot be prepared: ${await response.text()}`);
}

/** As an agent is that has passed as many tests as its history keeps. */
function metricsAfterTests(agent: number): object {
  return {
    total_tests_given: HISTORY_LENGTH,
    total_tests_passed: HISTORY_LENGTH,
    consecutive_successes: HISTORY_LENGTH,
    custody_xp: HISTORY_LENGTH * XP_AWARDED,
    test_history: Array.from({ length: HISTORY_LENGTH }, (_, test) => ({
      score: 70 + ((agent + 7 * test) % 31),
      passed: true,
      duration: 30 + ((agent + 13 * test) % 600),
      test_type: 'custody',
      timestamp: new Date(FIRST_TEST + (agent + test) * TEST_EVERY_MS).toISOString(),
      difficulty: 'basic',
      xp_awarded: XP_AWARDED,
    })),
  };
}
