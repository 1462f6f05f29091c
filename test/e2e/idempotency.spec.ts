import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { expectProblem, expectRefused } from './support/problem.js';
import { stored } from './support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const key = (value: string) => ({ 'idempotency-key': value });

/** Every write, as a request whose repetition would show. */
const WRITES = [
  ['PUT that updates', 'PUT', agentPath('guardian'), { prestige: 3 }],
  ['PUT that creates', 'PUT', agentPath('put-newcomer'), { prestige: 3 }],
  ['custody test', 'POST', agentPath('guardian', 'custody-test'), { passed: true, score: 90, duration: 1 }],
  [
    'custody test that creates',
    'POST',
    agentPath('newcomer', 'custody-test'),
    { passed: true, score: 90, duration: 1 },
  ],
  ['adversarial test', 'POST', agentPath('guardian', 'adversarial-test'), { score: 90, is_winner: true }],
  ['custody XP', 'POST', agentPath('guardian', 'custody-xp'), { amount: 5 }],
  ['learning', 'POST', agentPath('guardian', 'learning'), { xp_awarded: 5, learning_patterns: ['x'] }],
  ['bulk update', 'POST', BULK_UPDATE, { updates: { sandbox: { prestige: 1 }, 'bulk-newcomer': {} } }],
  ['reset', 'DELETE', agentPath('conquest', 'reset'), undefined],
] as const;

describe.each(WRITES)('a %s with an Idempotency-Key', (name, method, path, body) => {
  it('sent again has no effect, and returns the first response', async () => {
    const first = await app.send(method, path, body, key(name));
    const between = await stored(app);
    // Something else happens in between, which a second look at the agent would show.
    await app.send('PUT', agentPath('guardian'), { prestige: 99 });
    await app.send('PUT', agentPath('guardian'), { prestige: 3 });
    const other = await stored(app);
    const again = await app.send(method, path, body, key(name));

    expect(first.status).toBe(name === 'PUT that creates' ? 201 : 200);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await stored(app)).toEqual(other);
    expect(between).not.toEqual(other);
  });
});

describe('an Idempotency-Key', () => {
  const path = agentPath('imperium', 'custody-test');
  const result = { passed: true, score: 90, duration: 1 };

  it('with another body, or for another write to the agent, is refused', async () => {
    await app.send('POST', path, result, key('k1'));
    await expectRefused(
      app,
      { method: 'POST', path, body: { ...result, score: 91 }, headers: key('k1') },
      'idempotency_key_reused',
    );
    const other = agentPath('imperium', 'custody-xp');
    await expectRefused(
      app,
      { method: 'POST', path: other, body: { amount: 1 }, headers: key('k1') },
      'idempotency_key_reused',
    );
    const bulk = { updates: { imperium: { prestige: 1 }, stranger: { prestige: 1 } } };
    await expectRefused(
      app,
      { method: 'POST', path: BULK_UPDATE, body: bulk, headers: key('k1') },
      'idempotency_key_reused',
    );
  });

  it('identifies the same request in any notation', async () => {
    await app.send('POST', path, '{"passed":true,"score":90,"duration":1}', key('k2'));
    const again = await app.send('POST', path, '{ "duration": 1.0, "score": 9e1, "passed": true }', key('k2'));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('identifies the same bulk update in any order of agents', async () => {
    const bulk = BULK_UPDATE;
    await app.send('POST', bulk, { updates: { imperium: { prestige: 1 }, sandbox: { prestige: 2 } } }, key('k-order'));
    const again = await app.send(
      'POST',
      bulk,
      { updates: { sandbox: { prestige: 2 }, imperium: { prestige: 1 } } },
      key('k-order'),
    );
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('belongs to its agent: another agent can have the same', async () => {
    await app.send('POST', path, result, key('k3'));
    const other = await app.send('POST', agentPath('sandbox', 'custody-test'), result, key('k3'));
    expect(other.status).toBe(200);
    expect(other.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is not used by a refused request', async () => {
    const bad = { ...result, timestamp: '2999-01-01T00:00:00Z' };
    expect((await app.send('POST', path, bad, key('k4'))).status).toBe(422);
    const good = await app.send('POST', path, result, key('k4'));
    expect(good.status).toBe(200);
    expect(good.headers.get('idempotency-replayed')).toBeNull();
  });

  it('replays a write whose precondition no longer holds because of it', async () => {
    const { headers } = await app.send('GET', agentPath('imperium'));
    const conditions = { ...key('k5'), 'if-match': headers.get('etag') ?? '' };
    const first = await app.send('POST', path, result, conditions);
    const again = await app.send('POST', path, result, conditions);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
  });

  it('is retained after a reset of its agent', async () => {
    await app.send('POST', path, result, key('k6'));
    await app.send('DELETE', agentPath('imperium', 'reset'));
    expect((await app.send('POST', path, result, key('k6'))).headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(['a', ' with spaces inside ', '~!@#$%^&*()', '"quoted"', 'k'.repeat(255)])('can be %j', async (value) => {
    const first = await app.send('POST', path, result, key(value));
    const again = await app.send('POST', path, result, key(value));
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'k'.repeat(256)],
    ['a tab inside', 'a\tb'],
    ['a letter beyond ASCII', 'clé'],
  ])('of %s is refused', async (_, value) => {
    await expectRefused(
      app,
      { method: 'POST', path, body: result, headers: key(value) },
      'validation_failed',
      'Idempotency-Key',
    );
  });

  it('is in the ledger, with the hash of its request', async () => {
    await app.send('PUT', agentPath('recorded'), { prestige: 1 }, key('k7'));
    const rows = await app.database.query(
      `SELECT type, idempotency_key, length(request_hash) AS hash_bytes FROM agent_events
        WHERE agent_type = 'recorded' ORDER BY version`,
    );
    expect(rows).toEqual([
      { type: 'created', idempotency_key: null, hash_bytes: null },
      { type: 'updated', idempotency_key: 'k7', hash_bytes: 32 },
    ]);
  });

  it('of concurrent requests is one write, whose response all get', async () => {
    const before = await app.send('GET', agentPath('sandbox'));
    const target = agentPath('sandbox', 'custody-test');
    const answers = await Promise.all(Array.from({ length: 40 }, () => app.send('POST', target, result, key('k8'))));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    const after = await app.send('GET', agentPath('sandbox'));
    expect(Number(after.headers.get('etag')?.slice(1, -1))).toBe(Number(before.headers.get('etag')?.slice(1, -1)) + 1);
  });

  it('of two concurrent bodies accepts one of them', async () => {
    const target = agentPath('sandbox', 'custody-xp');
    const answers = await Promise.all([1, 2].map((amount) => app.send('POST', target, { amount }, key('k9'))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    const refused = answers.find(({ status }) => status === 422);
    if (refused) expectProblem(refused, 'idempotency_key_reused', target);
  });
});
