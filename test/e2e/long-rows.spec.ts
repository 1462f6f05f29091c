import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServiceProcess, startService } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { agentPath } from './support/paths.js';

const AGENTS = 100;
/** Lists of all agents, or pages of them. */
const LISTS = [
  '/api/custody/agents',
  '/api/custody/agents?limit=80',
  '/api/custody/analytics',
  '/api/custody/live-analytics',
  '/api/custody/recommendations',
  '/api/custody/leaderboard',
  '/api/agent-metrics/leaderboard',
];

async function startWithHeap(database: TestDatabase, megabytes: number): Promise<ServiceProcess> {
  const { url } = database;
  return startService({
    DATABASE_URL: url,
    NODE_OPTIONS: `--max-old-space-size=${megabytes}`,
    CONNECTION_POOL_SIZE: '4',
    MAX_EVENT_LOOP_DELAY: '60000',
    AUTH: 'off',
  });
}

describe('agents that are larger than the present limits', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(
      `INSERT INTO agent_metrics (agent_id, agent_type, config)
       SELECT 'a', 'long-' || n, jsonb_build_object('text', repeat(md5(n::text), 29687)) FROM generate_series(1, ${AGENTS}) n`,
    );
    await database.query(
      `INSERT INTO agent_metrics (agent_id, agent_type, learning_patterns)
       SELECT 'a', 'longest', jsonb_agg(repeat(md5(n::text), 32768)) FROM generate_series(1, 60) n`,
    );
  });
  afterAll(() => database.drop());

  it('are listed concurrently in a heap of 256 MB', async () => {
    const service = await startWithHeap(database, 256);
    try {
      for (const path of LISTS.filter((list) => !list.includes('live'))) {
        const answers = await Promise.all([1, 2, 3].map(() => fetch(service.url + path)));
        for (const answer of answers) {
          expect([path, answer.status]).toEqual([path, 200]);
          await answer.arrayBuffer();
        }
      }
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    } finally {
      await service.end('SIGTERM');
    }
  });

  it('are read completely one at a time, in a heap of 512 MB', async () => {
    const service = await startWithHeap(database, 512);
    try {
      const bytes = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const answer = await fetch(service.url + agentPath('longest'));
          expect(answer.status).toBe(200);
          let length = 0;
          for await (const chunk of answer.body as AsyncIterable<Uint8Array>) length += chunk.byteLength;
          return length;
        }),
      );
      expect(new Set(bytes).size).toBe(1);
      expect(bytes[0]).toBeGreaterThan(60 * 1024 * 1024);
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    } finally {
      await service.end('SIGTERM');
    }
  }, 180_000);
});
