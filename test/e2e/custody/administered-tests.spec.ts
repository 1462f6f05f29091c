import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type EvaluatorRequest, startEvaluator, type TestEvaluator } from '../../support/evaluator.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { AGENTS, CUSTODY } from '../support/paths.js';
import { type Code, expectProblem } from '../support/problem.js';
import { toCustodyMetrics, type Json, sent, stored } from '../support/read.js';

const GOOD = { passed: true, score: 92, duration: 41.5 };
const SECRET = `whsec_${Buffer.from('a secret of 32 bytes for signing').toString('base64')}`;
const TESTS = [`${CUSTODY}/test/guardian`, `${CUSTODY}/test/guardian/force`, '/custody/test/guardian'];

let evaluator: TestEvaluator;
let app: TestApp;
beforeAll(async () => {
  evaluator = await startEvaluator();
  app = await startTestApp({ CUSTODY_EVALUATOR_URL: evaluator.url, CUSTODY_EVALUATOR_TIMEOUT: '0.5' });
});
beforeEach(() => {
  evaluator.requests.length = 0;
  evaluator.answer = GOOD;
});
afterAll(async () => {
  await app.close();
  await evaluator.close();
});

const dataOf = ({ body }: { body: unknown }): Json => (body as { data: Json }).data;

describe('an administered test', () => {
  it.each(TESTS)(
    'by POST %s is requested from the evaluator and recorded; the response has the form of the old backend',
    async (path) => {
      const before = await toCustodyMetrics(app, 'guardian');
      const answer = await sent(app, 'POST', path);
      expect(answer.body).toEqual({ status: 'success', data: expect.any(Object), timestamp: expect.any(String) });
      expect(dataOf(answer)).toEqual({
        status: 'success',
        message: expect.stringContaining('passed'),
        ai_type: 'guardian',
        test_category: expect.any(String),
        test_difficulty: 'basic',
        test_result: {
          ...GOOD,
          timestamp: expect.any(String),
          xp_awarded: 10,
          category: dataOf(answer)['test_category'],
          difficulty: 'basic',
        },
        can_level_up: expect.any(Boolean),
        can_create_proposals: true,
      });
      expect(evaluator.requests.map(({ method, body }) => ({ method, body }))).toEqual([
        {
          method: 'POST',
          body: {
            test_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            agent_type: 'guardian',
            category: dataOf(answer)['test_category'],
            difficulty: 'basic',
            time_limit: 300,
            forced: path.endsWith('/force'),
          },
        },
      ]);
      const after = await toCustodyMetrics(app, 'guardian');
      expect(after['total_tests_given']).toBe(Number(before['total_tests_given']) + 1);
    },
  );

  it('has a category of the focus in rotation, or the requested one', async () => {
    for (let tests = 0; tests < 4; tests++) await sent(app, 'POST', `${CUSTODY}/test/imperium`);
    await sent(app, 'POST', `${CUSTODY}/test/imperium?test_category=code_quality`);
    expect(evaluator.requests.map(({ body }) => body['category'])).toEqual([
      ...['knowledge_verification', 'cross_ai_collaboration', 'self_improvement', 'knowledge_verification'],
      'code_quality',
    ]);
    const path = `${CUSTODY}/test/imperium?test_category=Cooking`;
    expectProblem(await app.send('POST', path), 'validation_failed', path, ['test_category']);
  });

  it('stores and returns the other fields of the response', async () => {
    evaluator.answer = {
      ...GOOD,
      xp_awarded: 25,
      category: 'code_quality',
      feedback: 'good',
      evaluation: { depth: 3 },
    };
    const { test_result } = dataOf(await sent(app, 'POST', `${CUSTODY}/test/sandbox`));
    expect(test_result).toMatchObject({ xp_awarded: 25, category: 'code_quality', feedback: 'good' });
    const [event] = await app.database.query(
      "SELECT payload -> 'details' AS details FROM agent_events WHERE agent_type = 'sandbox' ORDER BY version DESC LIMIT 1",
    );
    expect(event).toEqual({ details: { feedback: 'good', evaluation: { depth: 3 } } });
    const { test_history } = await toCustodyMetrics(app, 'sandbox');
    expect(JSON.stringify(test_history)).not.toContain('feedback');
  });

  it('is recorded as failed if the evaluator returns that', async () => {
    evaluator.answer = { passed: false, score: 10, duration: 3 };
    const data = dataOf(await sent(app, 'POST', `${CUSTODY}/test/sandbox`));
    expect(data).toMatchObject({ status: 'success', test_result: { passed: false, xp_awarded: 0 } });
    expect(await toCustodyMetrics(app, 'sandbox')).toMatchObject({ consecutive_failures: 1 });
  });

  it('is administered once per idempotency key', async () => {
    const headers = { 'idempotency-key': 'one test' };
    const first = await app.send('POST', `${CUSTODY}/test/conquest`, undefined, headers);
    const before = await stored(app);
    evaluator.answer = { passed: false, score: 0, duration: 1 };
    const again = await app.send('POST', `${CUSTODY}/test/conquest`, undefined, headers);
    expect(dataOf(again)['test_result']).toEqual(dataOf(first)['test_result']);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(evaluator.requests).toHaveLength(1);
    expect(await stored(app)).toEqual(before);

    const forced = await app.send('POST', `${CUSTODY}/test/conquest/force`, undefined, headers);
    expectProblem(forced, 'idempotency_key_reused', `${CUSTODY}/test/conquest/force`);
  });

  it('is administered once for concurrent requests with the same key', async () => {
    const { events } = await stored(app);
    const headers = { 'idempotency-key': 'side by side' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => app.send('POST', `${CUSTODY}/test/conquest`, undefined, headers)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(evaluator.requests).toHaveLength(1);
    const results = answers.map((answer) => dataOf(answer)['test_result']);
    expect(results).toEqual([results[0], results[0], results[0]]);
    expect((await stored(app)).events).toBe(events + 1);
  });

  it('is not requested if the precondition fails', async () => {
    const answer = await app.send('POST', `${CUSTODY}/test/guardian`, undefined, { 'if-match': '"999"' });
    expectProblem(answer, 'precondition_failed', `${CUSTODY}/test/guardian`);
    expect(evaluator.requests).toEqual([]);
  });

  it('can have a category if it is forced', async () => {
    await sent(app, 'POST', `${CUSTODY}/test/sandbox/force?test_category=security_awareness`);
    expect(evaluator.requests[0]?.body).toMatchObject({ category: 'security_awareness', forced: true });
  });

  it('is not requested for an agent that does not exist', async () => {
    expectProblem(await app.send('POST', `${CUSTODY}/test/nobody`), 'agent_not_found', `${CUSTODY}/test/nobody`);
    expect(evaluator.requests).toEqual([]);
  });
});

describe('nothing is recorded if the evaluator', () => {
  const FAILURES: [string, Code, TestEvaluator['answer']][] = [
    ['does not respond', 'evaluator_timeout', () => undefined],
    [
      'closes the connection during the response',
      'evaluator_timeout',
      (response) => response.writeHead(200).write('{"passed":'),
    ],
    ['closes the connection', 'evaluator_failed', (response) => response.destroy()],
    ['returns 500', 'evaluator_failed', (response) => response.writeHead(500).end(JSON.stringify(GOOD))],
    ['sends elsewhere', 'evaluator_failed', (response) => response.writeHead(307, { location: '/' }).end()],
    ['returns no JSON', 'evaluator_failed', (response) => response.end('passed')],
    ['returns an empty body', 'evaluator_failed', (response) => response.end()],
    ['returns too much', 'evaluator_failed', { ...GOOD, feedback: 'x'.repeat(70_000) }],
    ['tells too much', 'evaluator_failed', { ...GOOD, feedback: 'x'.repeat(17_000) }],
    [
      'tells what programs trip over',
      'evaluator_failed',
      (response) => response.end('{"passed":true,"score":9,"duration":1,"__proto__":{}}'),
    ],
    ['returns invalid UTF-8', 'evaluator_failed', (response) => response.end(Buffer.from([0x22, 0xff, 0x22]))],
    ['tells what can not be stored', 'evaluator_failed', { ...GOOD, feedback: 'a\u0000' }],
    ['returns null', 'evaluator_failed', (response) => response.end('null')],
    ['returns a list', 'evaluator_failed', [GOOD]],
    ['leaves out the score', 'evaluator_failed', { passed: false, duration: 3 }],
    ['has null for the score', 'evaluator_failed', { passed: false, score: null, duration: 3 }],
    ['has another type', 'evaluator_failed', { ...GOOD, passed: 'yes' }],
    ['is out of range', 'evaluator_failed', { ...GOOD, score: 120 }],
    ['names no category', 'evaluator_failed', { ...GOOD, category: 'Cooking!' }],
  ];

  it.each(FAILURES)('%s: %s', async (_case, code, answer) => {
    evaluator.answer = answer;
    const before = await stored(app);
    const path = `${CUSTODY}/test/guardian`;
    expectProblem(await app.send('POST', path), code, path);
    expect(await stored(app)).toEqual(before);
  });

  it('returns a test in the future', async () => {
    evaluator.answer = { ...GOOD, timestamp: '2999-01-01T00:00:00Z' };
    const before = await stored(app);
    expect((await app.send('POST', `${CUSTODY}/test/guardian`)).status).toBe(502);
    expect(await stored(app)).toEqual(before);
  });

  it('is unreachable', async () => {
    const gone = await startEvaluator();
    await gone.close();
    const other = await startTestApp({ CUSTODY_EVALUATOR_URL: gone.url });
    const before = await stored(other);
    const path = `${CUSTODY}/test/guardian`;
    expectProblem(await other.send('POST', path), 'evaluator_failed', path);
    expectProblem(await other.send('POST', `${CUSTODY}/batch-test`), 'evaluator_failed', `${CUSTODY}/batch-test`);
    expect(await stored(other)).toEqual(before);
    await other.close();
  });

  it('fails for one agent of a batch; the others are tested', async () => {
    evaluator.answer = (response, { body }) => {
      if (body['agent_type'] === 'imperium') response.writeHead(500).end();
      else response.end(JSON.stringify(GOOD));
    };
    const { events } = await stored(app);
    const { batch_results, ...counts } = dataOf(await sent(app, 'POST', `${CUSTODY}/batch-test`));
    expect(counts).toEqual({ total_ais_tested: 4, successful_tests: 3 });
    expect(batch_results).toEqual({
      imperium: { status: 'error', ai_type: 'imperium', code: 'evaluator_failed', message: expect.any(String) },
      guardian: expect.objectContaining({ status: 'success', test_result: expect.objectContaining(GOOD) }),
      sandbox: expect.objectContaining({ status: 'success' }),
      conquest: expect.objectContaining({ status: 'success' }),
    });
    expect((await stored(app)).events).toBe(events + 3);
  });

  it('succeeds but the database fails', async () => {
    await app.database.query('ALTER TABLE agent_events RENAME TO agent_events_gone');
    const answer = await app.send('POST', `${CUSTODY}/test/guardian`);
    await app.database.query('ALTER TABLE agent_events_gone RENAME TO agent_events');
    expectProblem(answer, 'internal_error', `${CUSTODY}/test/guardian`);
  });
});

describe('tests of all default agents', () => {
  it('are administered concurrently', async () => {
    const waiting: (() => void)[] = [];
    evaluator.answer = (response) => {
      waiting.push(() => response.end(JSON.stringify(GOOD)));
      if (waiting.length === 4) for (const answer of waiting) answer();
    };
    const data = dataOf(await sent(app, 'POST', `${CUSTODY}/batch-test`));
    expect(data).toMatchObject({ total_ais_tested: 4, successful_tests: 4 });
    expect(Object.keys(data['batch_results'] as Json)).toEqual(['imperium', 'guardian', 'sandbox', 'conquest']);
  });

  it('are administered once per idempotency key', async () => {
    const headers = { 'idempotency-key': 'a batch' };
    const first = await app.send('POST', `${CUSTODY}/batch-test`, undefined, headers);
    const before = await stored(app);
    const again = await app.send('POST', `${CUSTODY}/batch-test`, undefined, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(dataOf(again)).toEqual(dataOf(first));
    expect(evaluator.requests).toHaveLength(4);
    expect(await stored(app)).toEqual(before);
  });
});

describe('the requests to the evaluator', () => {
  const verified = ({ headers, text }: EvaluatorRequest): unknown =>
    new Webhook(SECRET).verify(text, headers as Record<string, string>);

  it('are signed according to Standard Webhooks if there is a secret', async () => {
    const signing = await startTestApp({ CUSTODY_EVALUATOR_URL: evaluator.url, CUSTODY_EVALUATOR_SECRET: SECRET });
    await sent(signing, 'POST', `${CUSTODY}/test/guardian`);
    await signing.close();
    const [request] = evaluator.requests;
    if (!request) throw new Error('no request');
    expect(verified(request)).toMatchObject({ agent_type: 'guardian' });
    expect(request.headers['webhook-id']).toBe(request.body['test_id']);
    expect(() => verified({ ...request, text: request.text.replace('guardian', 'sandbox') })).toThrow();
  });

  it('are not signed without one', async () => {
    await sent(app, 'POST', `${CUSTODY}/test/guardian`);
    expect(evaluator.requests[0]?.headers).not.toHaveProperty('webhook-signature');
  });
});

describe('without an evaluator', () => {
  it.each([...TESTS, `${CUSTODY}/batch-test`])('POST %s is 501, and names the setting', async (path) => {
    const other = await startTestApp();
    const answer = await other.send('POST', path);
    await other.close();
    expectProblem(answer, 'evaluator_not_configured', path);
    expect((answer.body as { detail: string }).detail).toContain('CUSTODY_EVALUATOR_URL');
    expect((answer.body as { detail: string }).detail).toContain(`${AGENTS}/{agent_type}/custody-test`);
  });
});
