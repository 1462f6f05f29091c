import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectInvalid, expectProblem, expectRefused } from '../support/problem.js';
import { type Json, metricsOf, sent } from '../support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const TEST = agentPath('guardian', 'custody-test');
const voidPath = (version: number | string, agentType = 'guardian') => agentPath(agentType, `events/${version}/void`);
const BODY = { reason: 'The harness compared with the wrong answer.' };

async function record(fields: object = {}): Promise<number> {
  const { headers } = await sent(app, 'POST', TEST, createCustodyTest(fields));
  return Number((headers.get('etag') ?? '').replaceAll('"', ''));
}

describe('POST …/events/{version}/void', () => {
  it('makes the agent what it would be without the event, and keeps both in the ledger', async () => {
    const before = await metricsOf(app, 'guardian');
    const version = await record({ category: 'sql_injection' });
    const answer = await sent(app, 'POST', voidPath(version), BODY);
    expect(answer.body).toMatchObject({ status: 'success', agent_type: 'guardian' });
    expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    const after = await metricsOf(app, 'guardian');
    const changed = { version: version + 1, updated_at: expect.any(String), ledger_hash: expect.any(String) };
    expect(after).toEqual({ ...before, ...changed });
    const events = await app.database.query<{ type: string; payload: Json; actor: string | null }>(
      "SELECT type, payload FROM agent_events WHERE agent_type = 'guardian' AND version >= $1 ORDER BY version",
      [version],
    );
    expect(events.map(({ type }) => type)).toEqual(['custody_test', 'voided']);
    expect(events[1]?.payload).toMatchObject({ version, reason: BODY.reason });
    const { body } = await app.send('GET', agentPath('guardian', 'analytics'));
    expect((body as { test_performance: Json }).test_performance).toMatchObject({ tests: 0, by_category: {} });
  });

  it('records a replacement in the same transaction, at the time of the voided test', async () => {
    const version = await record({ passed: true, score: 95, timestamp: '2025-02-01T00:00:00.000Z' });
    await record({ timestamp: '2025-02-02T00:00:00.000Z' });
    const replacement = { passed: false, score: 20, duration: 3, evidence: { reason: 'corrected' } };
    await sent(app, 'POST', voidPath(version), { ...BODY, replacement });
    const { test_history } = await metricsOf(app, 'guardian');
    expect((test_history as Json[]).at(-2)).toMatchObject({ score: 20, timestamp: '2025-02-01T00:00:00.000Z' });
  });

  it('is replayed with its key', async () => {
    const version = await record();
    const headers = { 'idempotency-key': `void-${version}` };
    const first = await app.send('POST', voidPath(version), BODY, headers);
    const again = await app.send('POST', voidPath(version), BODY, headers);
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('is refused for the creation, a reset, a voiding, and a voided event', async () => {
    const version = await record();
    await sent(app, 'POST', voidPath(version), BODY);
    const reset = await sent(app, 'DELETE', agentPath('guardian', 'reset'));
    const resetVersion = (reset.headers.get('etag') ?? '').replaceAll('"', '');
    for (const refused of [1, version, version + 1, resetVersion]) {
      await expectRefused(app, { method: 'POST', path: voidPath(refused), body: BODY }, 'rule_violated', 'version');
    }
  });

  it.each(['0', '-1', '1.5', 'abc', '2147483648'])('is refused for the version %s', async (version) => {
    await expectInvalid(app, 'POST', voidPath(version), BODY, 'version');
  });

  it('is refused for what does not exist', async () => {
    expectProblem(await app.send('POST', voidPath(9_999), BODY), 'event_not_found', voidPath(9_999));
    expectProblem(await app.send('POST', voidPath(1, 'nobody'), BODY), 'agent_not_found', voidPath(1, 'nobody'));
  });

  it.each([
    [{}, 'reason'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ ...BODY, version: 2 }, 'version'],
    [{ ...BODY, replacement: 1 }, 'replacement'],
    [{ ...BODY, replacement: { passed: true } }, 'replacement.score'],
    [{ ...BODY, replacement: { ...createCustodyTest(), is_winner: true } }, 'replacement.is_winner'],
    [{ ...BODY, replacement: { ...createCustodyTest(), outcome: 'failed' } }, 'replacement.outcome'],
    [{ ...BODY, replacement: { ...createCustodyTest(), evidence: { attempt: 0 } } }, 'replacement.evidence.attempt'],
  ])('is refused with the body %j', async (body, field) => {
    await expectInvalid(app, 'POST', voidPath(await record()), body, field);
  });

  it('is refused where a later update depends on the event', async () => {
    const path = agentPath('counted', 'custody-test');
    await sent(app, 'POST', path, createCustodyTest());
    await sent(app, 'PUT', agentPath('counted'), { total_tests_given: 5, total_tests_passed: 5 });
    await sent(app, 'POST', path, createCustodyTest({ passed: false }));
    await sent(app, 'PUT', agentPath('counted'), { total_tests_given: 6 });
    const request = { method: 'POST', path: voidPath(4, 'counted'), body: BODY };
    await expectRefused(app, request, 'rule_violated', 'version');
  });
});
