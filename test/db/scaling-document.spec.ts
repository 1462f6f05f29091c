import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatPlan } from '../../src/cli/commands/distribute.action.js';
import { planDistribution } from '../../src/distribution/distribution-plan.js';
import { verify } from '../../src/verification/verify.js';
import { rollupsOf } from '../support/rollups.js';
import { startTestService, type TestService } from '../support/test-service.js';

const BLOCKS = [...readFileSync('docs/scaling.md', 'utf8').matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(
  ([, sql = '']) => sql,
);
const blockThatBegins = (beginning: string): string => {
  const block = BLOCKS.find((sql) => sql.startsWith(beginning));
  if (block === undefined) throw new Error(`docs/scaling.md has no SQL that begins with ${beginning}`);
  return block;
};
const PASSED = { passed: true, score: 90.25, duration: 60.5 };

let test: TestService;
beforeEach(async () => {
  test = await startTestService();
  for (let hour = 0; hour < 6; hour++) {
    const timestamp = new Date(Date.UTC(2025, 0, 1, hour));
    await test.service.updateCustodyTestResult(
      'guardian',
      { ...PASSED, timestamp },
      { idempotencyKey: `guardian ${hour}` },
    );
    await test.service.updateAdversarialTestResult('sandbox', { score: 9 * hour, is_winner: false, timestamp });
  }
});
afterEach(() => test.close());

const differences = async () => (await verify(test.dataSource)).named;

describe('docs/scaling.md', () => {
  it('lists the statements that `distribute` executes', () => {
    expect(blockThatBegins('BEGIN;\n-- process shards')).toBe(`${formatPlan(planDistribution('public')).join('\n')}\n`);
  });

  it('partitions the ledger; reads and writes still work', async () => {
    const before = await rollupsOf(test.database);
    await test.database.query(blockThatBegins('-- partition the ledger'));
    expect(
      await test.database.query("SELECT FROM pg_inherits WHERE inhparent = 'agent_events'::regclass"),
    ).toHaveLength(16);
    expect(await differences()).toEqual([]);
    expect(await rollupsOf(test.database)).toEqual(before);

    const { version } = await test.service.getAgentMetrics('guardian');
    const timestamp = new Date(Date.UTC(2025, 0, 1, 2));
    const again = await test.service.updateCustodyTestResult(
      'guardian',
      { ...PASSED, timestamp },
      { idempotencyKey: 'guardian 2' },
    );
    expect(again.replayed).toBe(true);
    await test.service.updateCustodyTestResult('guardian', PASSED, { idempotencyKey: 'another' });
    await test.service.updateCustodyTestResult('newcomer', PASSED);
    expect((await test.service.getAgentMetrics('guardian')).version).toBe(version + 1);
    await test.database.query('SELECT rebuild_rollups()');
    expect(await differences()).toEqual([]);
    const [event] = await test.database.query<{ fresh: boolean }>(
      "SELECT max(id) FILTER (WHERE agent_type = 'newcomer') = max(id) AS fresh FROM agent_events",
    );
    expect(event).toEqual({ fresh: true });
  });

  it('retires an agent; its tests are no longer counted', async () => {
    await test.database.query(blockThatBegins('-- retire an agent'));
    expect(await differences()).toEqual([]);
    const counted = 'SELECT sum(tests)::integer AS tests FROM test_rollups_by_kind';
    expect(await test.database.query(`${counted} WHERE agent_type = '*'`)).toEqual([{ tests: 6 }]);
    await expect(test.service.getAgentMetrics('guardian')).rejects.toMatchObject({ code: 'agent_not_found' });
    expect(await test.service.updateCustodyTestResult('guardian', PASSED)).toMatchObject({ created: true, version: 2 });
    expect(await differences()).toEqual([]);
  });
});
