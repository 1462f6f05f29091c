import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadSettings } from '../../src/config/settings.js';
import type { Difference } from '../../src/verification/difference.js';
import { rebuild, type RebuildResult } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { repairable } from '../factories/tampering.arbitrary.js';
import { startTestService, type TestService } from '../support/test-service.js';

const RUNS = 60;

let test: TestService;
let shown: Difference[] = [];
beforeAll(async () => {
  test = await startTestService();
  for (let count = 0; count < 8; count++) {
    const timestamp = new Date(Date.UTC(2025, 0, 1, count, 30));
    await test.service.updateCustodyTestResult('guardian', { passed: true, score: count, duration: 1, timestamp });
    await test.service.updateAdversarialTestResult('sandbox', { score: 9 * count, is_winner: false, timestamp });
  }
});
beforeEach(() => {
  shown = [];
});
afterAll(() => test.close());

const run = async (agentType?: string, dryRun = false): Promise<RebuildResult> =>
  rebuild(test.dataSource, loadSettings({}), {
    agentType,
    dryRun,
    onDifference: (difference) => shown.push(difference),
  });
const differences = async () => (await verify(test.dataSource)).named;

describe('a rebuild', () => {
  it('finds nothing to do in an untouched database', async () => {
    expect(await run()).toEqual({ agents: 4, rows: 0, differences: 0, unsound: [] });
    expect(shown).toEqual([]);
  });

  it('corrects any change to rows and rollups', async () => {
    await fc.assert(
      fc.asyncProperty(repairable, async ({ sql, parameters }) => {
        await test.database.query(sql, parameters);
        expect((await run()).differences).toBeGreaterThan(0);
        expect(await differences()).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('reports the differences and writes nothing in a dry run', async () => {
    await test.database.query(`UPDATE agent_metrics SET xp = 5, status = 'odd' WHERE agent_type = 'guardian'`);
    const before = await differences();
    expect(await run(undefined, true)).toMatchObject({ rows: 1, unsound: [] });
    expect(shown).toEqual(before);
    expect(await differences()).toEqual(before);
    await run();
  });

  it('of one agent corrects it and the sums over all agents, and no other agent', async () => {
    await test.database.query(`UPDATE agent_metrics SET xp = 5 WHERE agent_type IN ('guardian', 'sandbox')`);
    await test.database.query(`UPDATE test_rollups_by_hour SET tests = tests + 7 WHERE agent_type = 'guardian'`);
    await test.database.query(`UPDATE test_rollups_by_hour SET tests = tests + 7 WHERE agent_type = '*' AND slot = 0`);
    expect(await run('guardian')).toMatchObject({ agents: 1, rows: 1 });
    expect((await differences()).map(({ agent_type }) => agent_type)).toEqual(['sandbox']);
    await run('sandbox');
    expect(await differences()).toEqual([]);
  });

  it('does not change an agent whose events are invalid', async () => {
    await test.database.query(`UPDATE agent_events SET payload = payload || '{"score": 100}'
                                WHERE agent_type = 'guardian' AND version = 3`);
    await test.database.query(`UPDATE agent_metrics SET xp = 5 WHERE agent_type = 'guardian'`);
    expect(await run()).toMatchObject({ rows: 0, unsound: ['guardian'] });
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ xp: 5 });
  });
});
