import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectInvalid, expectRefused } from '../support/problem.js';
import { type Json, metricsOf, sent } from '../support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const EVIDENCE = {
  source: 'inspect',
  run_id: 'run-1',
  case_id: 'case-1',
  attempt: 2,
  evaluator: 'model_graded_qa',
  model: 'openai/gpt-4o',
  agent_version: '2.4.1',
  environment: 'staging',
  url: 'https://ci.example.com/runs/1',
  reason: 'r'.repeat(2_000),
  details: { nested: [1, null, 'é'] },
};

async function newestPayload(agentType: string): Promise<Json> {
  const [event] = await app.database.query<{ payload: Json }>(
    'SELECT payload FROM agent_events WHERE agent_type = $1 ORDER BY version DESC LIMIT 1',
    [agentType],
  );
  return event?.payload ?? {};
}

describe.each([
  ['custody-test', createCustodyTest()],
  ['adversarial-test', createAdversarialTest()],
])('POST …/%s', (route, result) => {
  const path = agentPath('guardian', route);

  it('stores the evidence with the event and not in the row', async () => {
    await sent(app, 'POST', path, { ...result, evidence: EVIDENCE });
    expect((await newestPayload('guardian'))['evidence']).toEqual(EVIDENCE);
    expect(JSON.stringify(await metricsOf(app, 'guardian'))).not.toContain('run-1');
  });

  it.each([
    [{ evidence: 'inspect' }, 'evidence'],
    [{ evidence: { tool: 'inspect' } }, 'evidence.tool'],
    [{ evidence: { attempt: 0 } }, 'evidence.attempt'],
    [{ evidence: { attempt: 1.5 } }, 'evidence.attempt'],
    [{ evidence: { run_id: '' } }, 'evidence.run_id'],
    [{ evidence: { run_id: 'x'.repeat(201) } }, 'evidence.run_id'],
    [{ evidence: { reason: 'x'.repeat(2_001) } }, 'evidence.reason'],
    [{ evidence: { url: 'javascript:alert(1)' } }, 'evidence.url'],
    [{ evidence: { details: 'x'.repeat(16_384) } }, 'evidence.details'],
    [{ evidence: { model: 'a\u0000b' } }, 'evidence.model'],
    [{ outcome: 'skipped' }, 'outcome'],
  ])('refuses %j', async (fields, field) => {
    await expectInvalid(app, 'POST', path, { ...result, ...fields }, field);
  });

  it('records an errored result that changes nothing of the agent', async () => {
    const before = await metricsOf(app, 'guardian');
    const answer = await sent(app, 'POST', path, { outcome: 'errored', evidence: { reason: 'timeout' } });
    const after = await metricsOf(app, 'guardian');
    const { version, updated_at, ledger_hash, ...rest } = before;
    expect(after).toMatchObject(rest);
    expect(after['version']).toBe(Number(version) + 1);
    expect([updated_at, ledger_hash]).not.toContain(after['ledger_hash']);
    expect(answer.headers.get('etag')).toBe(`"${Number(version) + 1}"`);
    expect(await newestPayload('guardian')).toMatchObject({ outcome: 'errored', passed: null, xp_awarded: 0 });
  });
});

describe('outcome and passed of a custody test', () => {
  const { score, duration } = createCustodyTest();
  const result = { score, duration };
  const path = agentPath('sandbox', 'custody-test');

  it('are equivalent', async () => {
    const key = { 'idempotency-key': 'outcome' };
    const first = await app.send('POST', path, { ...result, outcome: 'failed' }, key);
    const second = await app.send('POST', path, { ...result, passed: false }, key);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    [{ outcome: 'passed', passed: false }, 'outcome'],
    [{ outcome: 'failed', passed: true }, 'outcome'],
    [{ outcome: 'errored', passed: true }, 'outcome'],
    [{ outcome: 'errored', passed: false }, 'outcome'],
    [{}, 'passed'],
    [{ outcome: null }, 'passed'],
    [{ outcome: 'passed', score: null }, 'score'],
    [{ outcome: 'passed', duration: null }, 'duration'],
    [{ outcome: 'errored', score: 101 }, 'score'],
  ])('are refused as %j', async (fields, field) => {
    await expectInvalid(app, 'POST', path, { ...result, ...fields }, field);
  });
});

it('the outcome of an adversarial test agrees with its score', async () => {
  const path = agentPath('sandbox', 'adversarial-test');
  await sent(app, 'POST', path, { score: 88, is_winner: true, outcome: 'passed' });
  await expectRefused(
    app,
    { method: 'POST', path, body: { score: 69, is_winner: true, outcome: 'passed' } },
    'rule_violated',
    'outcome',
  );
  await expectRefused(
    app,
    { method: 'POST', path, body: { score: 70, is_winner: true, outcome: 'failed' } },
    'rule_violated',
    'outcome',
  );
});

describe('analytics', () => {
  it('count errored results apart, and give the interval of the pass rate', async () => {
    const path = agentPath('conquest', 'custody-test');
    for (const passed of [true, true, true, false]) await sent(app, 'POST', path, createCustodyTest({ passed }));
    await sent(app, 'POST', path, { outcome: 'errored', category: 'sql_injection', score: 0, duration: 9 });
    const { body } = await app.send('GET', agentPath('conquest', 'analytics'));
    const { test_performance } = body as { test_performance: Json & { by_category: Record<string, Json> } };
    expect(test_performance).toMatchObject({ tests: 4, passed: 3, errored: 1, pass_rate: 0.75 });
    const { low, high } = test_performance['pass_rate_interval'] as { low: number; high: number };
    expect(low).toBeCloseTo(0.3006, 4);
    expect(high).toBeCloseTo(0.9544, 4);
    expect(test_performance.by_category['sql_injection']).toEqual({
      tests: 0,
      passed: 0,
      errored: 1,
      pass_rate: null,
      pass_rate_interval: null,
      average_score: null,
      average_duration: null,
    });
  });
});

describe('categories', () => {
  it.each(['a', 'sql_injection', 'x'.repeat(50)])('can be %s', async (category) => {
    await sent(app, 'POST', agentPath('imperium', 'custody-test'), createCustodyTest({ category }));
    const { body } = await app.send('GET', '/api/custody/categories');
    expect((body as { test_catalogue: Json }).test_catalogue['seen_categories']).toContainEqual(
      expect.objectContaining({ category }),
    );
  });

  it.each(['', 'A', '1a', '_a', 'a-b', 'x'.repeat(51), 'ä'])('cannot be %j', async (category) => {
    const result = { ...createCustodyTest(), category };
    await expectInvalid(app, 'POST', agentPath('imperium', 'custody-test'), result, 'category');
  });
});
