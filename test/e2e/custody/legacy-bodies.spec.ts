import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { createFullUpdate } from '../../factories/metrics-update.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, BULK_UPDATE } from '../support/paths.js';
import { expectRefused } from '../support/problem.js';
import { type Json, metricsOf, sent, stored } from '../support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const CUSTODY_TEST = agentPath('guardian', 'custody-test');
const ADVERSARIAL_TEST = agentPath('guardian', 'adversarial-test');

/** Fields that clients of the old backend send with a result. */
const DETAILS = {
  threshold: 70,
  ai_response: 'It is üñîçode.',
  evaluation: { score: 40, notes: ['short', null] },
  test_content: ['What is a race?', { hints: 2 }],
  correct_answer: null,
  test_type: 'custodes_standard',
  error: 'the sandbox broke',
};

async function newestEvent(): Promise<Json> {
  const [event] = await app.database.query(
    "SELECT payload, occurred_at FROM agent_events WHERE agent_type = 'guardian' ORDER BY version DESC LIMIT 1",
  );
  if (!event) throw new Error('no event');
  return event;
}

describe('a time without a zone', () => {
  it.each(['2025-01-25T10:00:00.123456', '2025-01-25T10:00:00'])('of %s is UTC', async (timestamp) => {
    await sent(app, 'POST', CUSTODY_TEST, createCustodyTest({ timestamp }));
    const { occurred_at } = await newestEvent();
    expect((occurred_at as Date).toISOString().slice(0, 19)).toBe('2025-01-25T10:00:00');
    await sent(app, 'POST', ADVERSARIAL_TEST, createAdversarialTest({ timestamp }));
    expect((await newestEvent())['occurred_at']).toEqual(occurred_at);
  });
});

describe.each([
  [CUSTODY_TEST, createCustodyTest()],
  [ADVERSARIAL_TEST, createAdversarialTest()],
])('POST %s', (path, result) => {
  it('stores other fields of clients with the event, without another effect', async () => {
    await sent(app, 'POST', path, { ...result, ...DETAILS });
    expect((await newestEvent())['payload']).toMatchObject({ details: DETAILS });
    const { test_history } = await metricsOf(app, 'guardian');
    const entry = (test_history as Json[]).at(-1);
    expect(entry).toMatchObject({ test_type: path === CUSTODY_TEST ? 'custody' : 'adversarial' });
    expect(Object.keys(entry ?? {})).not.toEqual(expect.arrayContaining(['details']));
    expect(JSON.stringify(entry)).not.toContain('sandbox broke');
  });

  it('stores none if none is sent', async () => {
    await sent(app, 'POST', path, result);
    expect((await newestEvent())['payload']).not.toHaveProperty('details');
  });

  it('accepts details of 16,384 bytes, and refuses more, naming the largest', async () => {
    // {"error":"…"}, with two bytes for the last character.
    const most = `${'x'.repeat(16_384 - 14)}ü`;
    await sent(app, 'POST', path, { ...result, error: most });
    const body = { ...result, threshold: 70, error: `${most}x` };
    await expectRefused(app, { method: 'POST', path, body }, 'validation_failed', 'error');
  });

  it('refuses details that cannot be stored', async () => {
    for (const field of Object.keys(DETAILS)) {
      const body = { ...result, [field]: { deep: ['a\u0000'] } };
      await expectRefused(app, { method: 'POST', path, body }, 'validation_failed', new RegExp(`^${field}\\.`));
    }
  });

  it('refuses any other field', async () => {
    const body = { ...result, details: {}, notes: 'x' };
    await expectRefused(app, { method: 'POST', path, body }, 'validation_failed', 'details', 'notes');
  });

  it('compares the details when it is sent again with its key', async () => {
    const headers = { 'idempotency-key': `details ${path}` };
    await app.send('POST', path, { ...result, error: 'one' }, headers);
    const again = await app.send('POST', path, { ...result, error: 'one' }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const other = { method: 'POST', path, body: { ...result, error: 'two' }, headers };
    await expectRefused(app, other, 'idempotency_key_reused');
  });
});

describe('null', () => {
  it('is equivalent to omitting a field', async () => {
    const nothing = { timestamp: null, xp_awarded: null, category: null, difficulty: null };
    await sent(app, 'POST', CUSTODY_TEST, { ...createCustodyTest(), ...nothing });
    expect((await newestEvent())['payload']).toEqual(
      expect.objectContaining({ xp_awarded: 10, difficulty: expect.any(String), timestamp: expect.any(String) }),
    );
    expect((await newestEvent())['payload']).not.toHaveProperty('category');
    await sent(app, 'POST', ADVERSARIAL_TEST, {
      ...createAdversarialTest(),
      ...{
        winner_reasoning: null,
        scenario_domain: null,
        scenario_complexity: null,
        timestamp: null,
        xp_awarded: null,
      },
    });
    const { payload } = await newestEvent();
    expect(Object.values(payload as Json)).not.toContain(null);
    const before = await metricsOf(app, 'guardian');
    await sent(app, 'POST', agentPath('guardian', 'learning'), { learning_score: null, learning_patterns: null });
    const { version, updated_at, ledger_hash, ...after } = await metricsOf(app, 'guardian');
    expect(before).toMatchObject(after);
    expect([version, updated_at, ledger_hash]).not.toContain(undefined);
  });
});

describe('a row that was read before', () => {
  it('can be sent back completely, and sets the writable columns', async () => {
    await sent(app, 'PUT', agentPath('sandbox'), createFullUpdate());
    await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createCustodyTest());
    await sent(app, 'POST', agentPath('sandbox', 'learning'), { learning_cycles: 1 });
    const row = await metricsOf(app, 'sandbox');
    const { status } = await app.send('PUT', agentPath('sandbox'), { ...row, status: 'paused' });
    expect(status).toBe(200);
    expect(await metricsOf(app, 'sandbox')).toEqual({
      ...row,
      status: 'paused',
      version: Number(row['version']) + 1,
      ledger_hash: expect.any(String),
      updated_at: expect.any(String),
    });
    const again = await metricsOf(app, 'sandbox');
    await sent(app, 'POST', BULK_UPDATE, {
      updates: { sandbox: again, fresh: { agent_type: 'fresh', last_test_date: null } },
    });
  });

  it('can have its times in another time zone, or without one', async () => {
    const { created_at, last_test_date } = await metricsOf(app, 'sandbox');
    const body = {
      created_at: String(created_at).replace('Z', ''),
      last_test_date: String(last_test_date).replace('Z', '+00:00'),
    };
    await sent(app, 'PUT', agentPath('sandbox'), body);
  });

  it.each([
    ['id', '0b9a4d1c-6f0e-4d52-9a53-0e5c1a2b7f10'],
    ['agent_type', 'guardian'],
    ['version', 1],
    ['ledger_hash', '0'.repeat(64)],
    ['ledger_hash', null],
    ['created_at', '2025-01-25T10:00:00Z'],
    ['updated_at', '2025-01-25T10:00:00Z'],
    ['last_test_date', '2025-01-25T10:00:00Z'],
    ['last_test_date', null],
    ['last_success', '2025-01-25T10:00:00'],
    ['last_failure', '2025-01-25T10:00:00Z'],
    ['last_learning_cycle', null],
    ['updated_at', 'yesterday'],
  ])('is refused when %s is %j, which the agent does not have', async (field, value) => {
    const request = { method: 'PUT', path: agentPath('sandbox'), body: { status: 'idle', [field]: value } };
    await expectRefused(app, request, 'rule_violated', field);
    const bulk = { method: 'POST', path: BULK_UPDATE, body: { updates: { sandbox: { [field]: value } } } };
    await expectRefused(app, bulk, 'rule_violated', `updates.sandbox.${field}`);
  });

  it.each([
    ['id', 5],
    ['version', '1'],
    ['ledger_hash', 'abc'],
    ['created_at', null],
    ['last_test_date', 0],
  ])('is refused when %s is %j, which is invalid', async (field, value) => {
    const request = { method: 'PUT', path: agentPath('sandbox'), body: { [field]: value } };
    await expectRefused(app, request, 'validation_failed', field);
  });

  it('does not create an agent with an identity of its own', async () => {
    const row = await metricsOf(app, 'sandbox');
    const request = { method: 'PUT', path: agentPath('sandbox-2'), body: row };
    await expectRefused(app, request, 'rule_violated', 'id', 'agent_type', 'version', 'created_at');
    const before = await stored(app);
    await sent(app, 'PUT', agentPath('sandbox-2'), { agent_type: 'sandbox-2', last_success: null });
    expect((await stored(app)).events).toBe(before.events + 2);
  });

  it('that was changed since is refused', async () => {
    const row = await metricsOf(app, 'conquest');
    await sent(app, 'POST', agentPath('conquest', 'custody-test'), createCustodyTest());
    const request = { method: 'PUT', path: agentPath('conquest'), body: row };
    await expectRefused(app, request, 'rule_violated', 'version', 'updated_at', 'last_test_date');
  });
});
