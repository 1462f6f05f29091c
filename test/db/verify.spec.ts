import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { verify, verifyIn } from '../../src/verification/verify.js';
import { tampering } from '../factories/tampering.arbitrary.js';
import { startTestService, type TestService } from '../support/test-service.js';

const CHANGES = 1_000;

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  const { service } = test;
  for (let count = 0; count < 12; count++) {
    const timestamp = new Date(Date.UTC(2025, 0, 1, count, 30));
    await service.updateCustodyTestResult('guardian', {
      passed: count % 3 > 0,
      score: count + 0.5,
      duration: count / 7,
      timestamp,
      category: count % 2 > 0 ? 'code_quality' : undefined,
    });
    await service.updateAdversarialTestResult('sandbox', { score: 8 * count, is_winner: count % 2 > 0, timestamp });
  }
  await service.updateLearningMetrics('guardian', {
    learning_score: 12.5,
    learning_cycles: 1,
    learning_patterns: ['a'],
  });
  await service.createOrUpdateAgentMetrics('imperium', { config: { a: [1, 2] }, xp: 7 }, { idempotencyKey: 'a key' });
  await service.resetAgentMetrics('sandbox');
  await service.updateCustodyXp('guardian', 30);
});
afterAll(() => test.close());

/** Differences after a change, which is rolled back. */
async function differencesAfter(change: (manager: EntityManager) => Promise<unknown>): Promise<string[]> {
  const undone = new Error('undone');
  let found: string[] = [];
  await test.dataSource
    .transaction(async (manager) => {
      await change(manager);
      found = (await verifyIn(manager)).named.map(({ agent_type, problem }) => `${agent_type}: ${problem}`);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return found;
}

describe('verify', () => {
  it('finds nothing in an untouched database', async () => {
    expect(await verify(test.dataSource)).toEqual({
      totalAgents: 4,
      agents: 4,
      events: 32,
      tombstones: 0,
      differences: 0,
      named: [],
    });
  });

  it(`finds each of ${CHANGES} random changes`, async () => {
    await fc.assert(
      fc.asyncProperty(tampering, async ({ sql, parameters }) => {
        const found = await differencesAfter((manager) => manager.query(sql, parameters));
        expect(found).not.toEqual([]);
      }),
      { numRuns: CHANGES },
    );
  });

  it.each([
    ["UPDATE agent_metrics SET xp = xp + 1 WHERE agent_type = 'guardian'", ['guardian: xp is 1, expected 0']],
    ["DELETE FROM agent_metrics WHERE agent_type = 'guardian'", ['guardian: is missing, but there are 15 events']],
    [
      `INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('a', 'by hand')`,
      ['by hand: has no events: it was inserted manually, and is imported by the next write to the agent'],
    ],
    [
      `DELETE FROM agent_events WHERE agent_type = 'guardian' AND version = 15`,
      [
        'guardian: version is 15, but the newest event has 14',
        'guardian: ledger_hash is not the hash of the newest event',
        'guardian: custody_level is 2, expected 1',
        'guardian: custody_xp is 110, expected 80',
        expect.stringMatching(/^guardian: updated_at is /),
        expect.stringMatching(/^guardian: of .* custody_xp 30; expected .* custody_xp 0$/),
      ],
    ],
    [
      `UPDATE agent_events SET payload = payload || '{"score": 99}' WHERE agent_type = 'guardian' AND version = 2`,
      [
        'guardian: does not match its hash',
        expect.stringMatching(
          /^guardian: of 2025-01-01 00:00:00\+00 is tests 1, .*score 0.5, .*; expected tests 1, .*score 99,/,
        ),
        expect.stringMatching(/^guardian: of uncategorized, basic is tests 6, /),
      ],
    ],
    [
      `UPDATE test_rollups_by_hour SET passed = passed + 1 WHERE agent_type = '*' AND hour = '2025-01-01T03:00Z'`,
      [expect.stringMatching(/^\*: of 2025-01-01 03:00:00\+00 is tests 2, passed \d, /)],
    ],
    [
      `UPDATE agent_rollups SET custody_xp = custody_xp - 1`,
      [expect.stringMatching(/^\*: of basic is agents 4, .*custody_xp \d+, /)],
    ],
  ])('reports the differences after %s', async (sql, differences) => {
    expect(await differencesAfter((manager) => manager.query(sql))).toEqual(differences);
  });
});
