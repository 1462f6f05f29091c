import { describe, expect, it } from '@jest/globals';
import { AgentDocuments } from '../../src/agent-metrics/read/agent-documents.js';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1 };

/** Names of the statements that the service's only connection keeps, asked for on that connection. */
async function preparedNames({ transactions }: TestService): Promise<string[]> {
  const rows = await transactions.read((manager) =>
    manager.query<{ name: string }[]>('SELECT name FROM pg_prepared_statements ORDER BY prepare_time'),
  );
  return rows.map(({ name }) => name);
}

async function withService(variables: Record<string, string>, work: (test: TestService) => Promise<void>) {
  const test = await startTestService({ CONNECTION_POOL_SIZE: '1', MAX_OVERFLOW: '0', ...variables });
  try {
    await work(test);
  } finally {
    await test.close();
  }
}

describe('PREPARED_STATEMENTS', () => {
  // Before the test that uses up the names of the process.
  it('on: reads of single agents are not planned again', async () => {
    await withService({ PREPARED_STATEMENTS: 'on' }, async (test) => {
      const agents = Array.from({ length: 1_000 }, (_, index) => [`agent-${index}`, {}] as const);
      await test.service.bulkUpdateMetrics(Object.fromEntries(agents));
      await test.database.query('ANALYZE agent_metrics');
      for (let count = 0; count < 10; count++) {
        await test.service.getAgentMetrics('guardian');
        await test.get(AgentDocuments).getMetrics('guardian');
        await test.custody.checkEligibilities('guardian');
      }
      const plans = await test.transactions.read((manager) =>
        manager.query<{ custom: number; generic: number }[]>(
          `SELECT custom_plans::integer AS custom, generic_plans::integer AS generic FROM pg_prepared_statements
            WHERE statement LIKE '%FROM agent_metrics WHERE%' AND custom_plans + generic_plans >= 10`,
        ),
      );
      // PostgreSQL plans each statement five times before it compares the costs.
      expect(plans).toEqual(Array(3).fill({ custom: 5, generic: 5 }));
    });
  });

  it('on: a connection prepares each statement once, and a hundred at most', async () => {
    await withService({ PREPARED_STATEMENTS: 'on' }, async (test) => {
      for (let count = 0; count < 3; count++) await test.service.updateCustodyTestResult('guardian', passed);
      const names = await preparedNames(test);
      expect(names.length).toBeGreaterThanOrEqual(3);
      expect(names.every((name) => /^lvlup_\d+$/.test(name))).toBe(true);
      await test.service.updateCustodyTestResult('guardian', passed);
      expect(await preparedNames(test)).toEqual(names);

      for (let index = 0; index < 150; index++) {
        const rows = await test.transactions.read((manager) =>
          manager.query<{ sum: number }[]>(`SELECT $1::integer + ${index} AS sum`, [1]),
        );
        expect(rows).toEqual([{ sum: index + 1 }]);
      }
      expect((await preparedNames(test)).length).toBeLessThanOrEqual(100);
    });
  });

  it('off: nothing of a transaction is left on its connection', async () => {
    await withService({ PREPARED_STATEMENTS: 'off' }, async (test) => {
      for (let count = 0; count < 3; count++) await test.service.updateCustodyTestResult('guardian', passed);
      expect(await preparedNames(test)).toEqual([]);
      const rows = await test.transactions.read((manager) =>
        manager.query<{ mode: string; seqscan: string }[]>(
          `SELECT current_setting('plan_cache_mode') AS mode, current_setting('enable_seqscan') AS seqscan`,
        ),
      );
      expect(rows).toEqual([{ mode: 'auto', seqscan: 'on' }]);
    });
  });
});
