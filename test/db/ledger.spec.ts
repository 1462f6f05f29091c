import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { fold } from '../../src/progression/evolve.js';
import { startTestService, type TestService } from '../support/test-service.js';

const AWKWARD_JSON = {
  'ключ ✓ "quoted" \\': [1e21, 1e-7, 0.1 + 0.2, -0, 5e-324, 1.7976931348623157e308, 4_294_967_296],
  constructor: { toString: null, b: [], a: {} },
  emoji: '👩‍🚀️ \u007f \u2028',
};

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  const { service } = test;
  await service.createOrUpdateAgentMetrics('guardian', { config: AWKWARD_JSON, capabilities: [], learning_score: 0.1 });
  for (let count = 0; count < 60; count++) {
    await service.updateCustodyTestResult('guardian', {
      passed: count % 3 !== 0,
      score: count + 0.1,
      duration: 1 / 3,
      timestamp: new Date(Date.UTC(2025, 0, 1, 0, 0, count, 123)),
    });
  }
  await service.updateAdversarialTestResult('guardian', { score: 70, is_winner: true, winner_reasoning: '…' });
  await service.updateLearningMetrics('guardian', { learning_cycles: 1, learning_patterns: [AWKWARD_JSON, null, 'a'] });
  await service.updateCustodyXp('guardian', -7);
  await service.resetAgentMetrics('sandbox');
  await service.updateCustodyTestResult('sandbox', { passed: true, score: 100, duration: 0 });
});
afterAll(() => test.close());

describe('the ledger', () => {
  it.each(['imperium', 'guardian', 'sandbox', 'conquest'])('folds to the row of %s, exactly', async (agentType) => {
    const histories = await test.ledger.read(test.dataSource.manager, [agentType]);
    const { events = [], head } = histories.get(agentType) ?? {};
    const { ledger_hash, ...row } = await test.service.getAgentMetrics(agentType);
    expect(fold(null, events)).toEqual(row);
    expect(head?.toString('hex')).toBe(ledger_hash);
  });

  it('numbers the events of each agent without a gap', async () => {
    const gaps = await test.database.query(
      `SELECT agent_type FROM agent_events GROUP BY agent_type HAVING max(version) <> count(*) OR min(version) <> 1`,
    );
    expect(gaps).toEqual([]);
  });

  it('chains the events by hashes that anybody can compute from what psql shows', async () => {
    const events = await test.database.query<Record<string, unknown> & { prev: string; own: string }>(
      `SELECT agent_type, version, type, payload, result, rules_version, actor, idempotency_key,
              encode(request_hash, 'hex') AS request_hash,
              to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at,
              to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at,
              encode(prev_hash, 'hex') AS prev, encode(hash, 'hex') AS own
         FROM ledger_events WHERE agent_type = 'guardian' ORDER BY version`,
    );
    expect(events.length).toBeGreaterThan(60);
    let previous = '0'.repeat(64);
    for (const { prev, own, ...event } of events) {
      const hash = createHash('sha256')
        .update(Buffer.from(previous, 'hex'))
        .update(canonicalize(event) ?? '');
      expect(prev).toBe(previous);
      expect(own).toBe(hash.digest('hex'));
      previous = own;
    }
  });

  it('brings back a row that was deleted by hand, as it was', async () => {
    const before = await test.service.getAgentMetrics('guardian');
    await test.database.query(`DELETE FROM agent_metrics WHERE agent_type IN ('guardian', 'conquest')`);
    await test.service.updateLearningMetrics('guardian', { learning_cycles: 1 });
    const after = await test.service.getAgentMetrics('guardian');
    expect(after).toMatchObject({
      id: before.id,
      created_at: before.created_at,
      test_history: before.test_history,
      total_learning_cycles: before.total_learning_cycles + 1,
      version: before.version + 1,
    });
    await test.service.createDefaultAgents();
    expect(await test.service.getAgentMetrics('conquest')).toMatchObject({ version: 1 });
  });

  it('keeps who asked, where that is known', async () => {
    const result = { passed: true, score: 100, duration: 0 };
    await test.service.updateCustodyTestResult('watched', result, { actor: 'referee (night shift)' });
    await test.service.updateCustodyXp('watched', 1);
    const events = await test.database.query(
      "SELECT actor FROM agent_events WHERE agent_type = 'watched' ORDER BY version",
    );
    expect(events.map(({ actor }) => actor as unknown)).toEqual([
      ...events.slice(1).map(() => 'referee (night shift)'),
      null,
    ]);
    for (const actor of ['', 'x'.repeat(101), 'Ärger', 'a\nb']) {
      await expect(test.service.updateCustodyXp('watched', 1, { actor })).rejects.toMatchObject({
        code: 'validation_failed',
        options: { errors: [{ field: 'actor' }] },
      });
    }
  });
});
