import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fold } from '../../src/progression/evolve.js';
import { startTestService, type TestService } from '../support/test-service.js';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  await test.database.query(
    `INSERT INTO agent_metrics (agent_id, agent_type, xp, total_tests_given, total_tests_passed, last_success, test_history,
                                learning_patterns, config)
     SELECT 'a', agent_type, 70, 2, 2, '2025-01-25T10:00:00.123456Z', '[{"passed": true, "score": 80}, {"passed": true}]',
            '["kept"]', '{"kept": true}'
       FROM unnest(ARRAY['by hand', 'read only', 'reset']) agent_type`,
  );
});
afterAll(() => test.close());

describe('a row that was inserted by hand', () => {
  it('is imported into the ledger with the first write to it', async () => {
    const { version } = await test.service.updateCustodyTestResult('by hand', { passed: true, score: 90, duration: 1 });

    expect(version).toBe(2);
    const { events = [], head } = (await test.ledger.read(test.dataSource.manager, ['by hand'])).get('by hand') ?? {};
    expect(events.map(({ type }) => type)).toEqual(['imported', 'custody_test']);
    const { ledger_hash, ...row } = await test.service.getAgentMetrics('by hand');
    expect(row).toMatchObject({
      xp: 70,
      total_tests_given: 3,
      last_success: expect.any(Date),
      test_history: [{ passed: true, score: 80 }, { passed: true }, { passed: true, score: 90 }],
      learning_patterns: ['kept'],
      config: { kept: true },
    });
    expect(row).toEqual(fold(null, events));
    expect(ledger_hash).toBe(head?.toString('hex'));
  });

  it('is at version 0 until then', async () => {
    expect(await test.service.getAgentMetrics('read only')).toMatchObject({ version: 0, ledger_hash: null, xp: 70 });
  });

  it('is known by the ledger even when the first write resets it', async () => {
    await test.service.resetAgentMetrics('reset');
    const { events = [] } = (await test.ledger.read(test.dataSource.manager, ['reset'])).get('reset') ?? {};
    expect(events).toMatchObject([{ type: 'imported', payload: { columns: { xp: 70 } } }, { type: 'reset' }]);
    expect(await test.service.getAgentMetrics('reset')).toMatchObject({ version: 2, xp: 0 });
  });
});
