import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { expectInvalid, expectRefused } from '../support/problem.js';
import { type Json, metricsOf, stored } from '../support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const PATH = '/api/agent-metrics/results';

const item = (id: string, fields: Json = {}): Json => ({
  id,
  agent_type: 'guardian',
  passed: true,
  score: 90,
  duration: 1,
  ...fields,
});

const post = (items: unknown, query = '') => app.send('POST', PATH + query, items);

async function postLines(lines: readonly string[] | AsyncIterable<string>): Promise<Json[]> {
  const body = Array.isArray(lines) ? lines.join('\n') : Readable.toWeb(Readable.from(lines));
  const response = await fetch(app.url + PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: body as NonNullable<RequestInit['body']>,
    duplex: 'half',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/x-ndjson');
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
}

describe('a JSON array', () => {
  it('records each result, and replays it when it is sent again', async () => {
    const items = [
      item('a-1'),
      item('a-2', { passed: false, score: 10, category: 'sql_injection', evidence: { run_id: 'r' } }),
      item('a-3', {
        agent_type: 'batch-agent',
        type: 'adversarial_test',
        passed: undefined,
        duration: undefined,
        is_winner: true,
      }),
      item('a-4', { duration: undefined }),
      item('a-5', { outcome: 'errored', passed: undefined, score: null, duration: null }),
    ];
    const first = await post(items);
    expect(first.body).toMatchObject({
      status: 'success',
      recorded: 5,
      replayed: 0,
      refused: 0,
      results: items.map(({ id, agent_type }, index) => ({ index, id, agent_type, status: 'recorded' })),
    });
    const before = await stored(app);
    expect((await post(items)).body).toMatchObject({ recorded: 0, replayed: 5, refused: 0 });
    expect(await stored(app)).toEqual(before);
    // Equal to the single requests with the id as idempotency key.
    const { id, agent_type, ...result } = item('a-1');
    const single = await app.send('POST', `/api/agent-metrics/${String(agent_type)}/custody-test`, result, {
      'idempotency-key': String(id),
    });
    expect(single.headers.get('idempotency-replayed')).toBe('true');
  });

  it('refuses results one by one', async () => {
    const answer = await post([
      item('b-1'),
      item('b-2', { score: 101 }),
      item('b-1', { score: 91 }),
      item('b-1'),
      { ...item('b-3'), id: undefined },
      null,
      item('b-4', { agent_type: 'leaderboard' }),
      item('b-5', { xp_awarded: 2_000_000_000 }),
      item('b-6', { unknown: 1 }),
    ]);
    const { results } = answer.body as { results: (Json & { problem?: Json })[] };
    expect(results.map(({ status }) => status)).toEqual([
      'recorded',
      'refused',
      'refused',
      'replayed',
      ...Array.from({ length: 5 }, () => 'refused'),
    ]);
    expect(results.map(({ problem }) => problem?.['code'])).toEqual([
      undefined,
      'validation_failed',
      'idempotency_key_reused',
      undefined,
      'validation_failed',
      'validation_failed',
      'validation_failed',
      'rule_violated',
      'validation_failed',
    ]);
    expect(results[1]?.problem).toMatchObject({ status: 400, errors: [{ field: 'score' }] });
  });

  it('is recorded whole or not at all with atomic=true', async () => {
    const before = await stored(app);
    await expectInvalid(app, 'POST', `${PATH}?atomic=true`, [item('c-1'), item('c-2', { score: 101 })], '1.score');
    await expectRefused(
      app,
      { method: 'POST', path: `${PATH}?atomic=true`, body: [item('c-1'), item('c-2', { xp_awarded: 2e9 })] },
      'rule_violated',
      '1.xp_awarded',
    );
    expect((await post([item('c-1'), item('c-1', { score: 1 })], '?atomic=true')).status).toBe(422);
    expect(await stored(app)).toEqual(before);
    expect((await post([item('c-1')])).body).toMatchObject({ recorded: 1 });
    const all = await post([item('c-1'), item('c-2'), item('c-2')], '?atomic=true');
    expect(all.body).toMatchObject({ recorded: 1, replayed: 2, refused: 0 });
  });

  it.each([[[]], [{}], [Array.from({ length: 1_001 }, (_, index) => item(`d-${index}`, {}))]])(
    'is refused if it is empty, too long or no array',
    async (body) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
    },
  );

  it('is refused with an Idempotency-Key, or another atomic', async () => {
    const headers = { 'idempotency-key': 'k' };
    await expectRefused(
      app,
      { method: 'POST', path: PATH, body: [item('e-1')], headers },
      'validation_failed',
      'Idempotency-Key',
    );
    await expectInvalid(app, 'POST', `${PATH}?atomic=yes`, [item('e-1')], 'atomic');
  });
});

describe('newline-delimited JSON', () => {
  it('is recorded line by line, of any length, and changes nothing when it is sent again', async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) =>
      JSON.stringify(item(`n-${index}`, { agent_type: `line-${index % 7}` })),
    );
    const outcomes = await postLines(lines);
    expect(outcomes.map(({ index, id, status }) => [index, id, status])).toEqual(
      lines.map((_, index) => [index, `n-${index}`, 'recorded']),
    );
    const before = await stored(app);
    expect((await postLines([...lines, ''])).filter(({ status }) => status === 'replayed')).toHaveLength(2_500);
    expect(await stored(app)).toEqual(before);
    expect(await metricsOf(app, 'line-0')).toMatchObject({ total_tests_given: 358 });
  });

  it('reports each invalid line, and reads on', async () => {
    const outcomes = await postLines([
      '{"id": "m-1", ',
      '',
      JSON.stringify(item('m-2')),
      JSON.stringify(item('m-3', { evidence: { details: 'x'.repeat(1024 * 1024) } })),
      '[]',
      '  ',
      JSON.stringify(item('m-4')).slice(0, -1),
    ]);
    expect(outcomes.map(({ index, status }) => [index, status])).toEqual([
      [0, 'refused'],
      [1, 'recorded'],
      [2, 'refused'],
      [3, 'refused'],
      [4, 'refused'],
    ]);
    expect(outcomes.map(({ problem }) => (problem as Json | undefined)?.['code'])).toEqual([
      'malformed_request',
      undefined,
      'payload_too_large',
      'validation_failed',
      'malformed_request',
    ]);
  });

  it('is answered while it is sent', async () => {
    let release: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    async function* body() {
      yield `${JSON.stringify(item('s-1'))}\n`;
      await waiting;
      yield `${JSON.stringify(item('s-2'))}\n`;
    }
    const response = await fetch(app.url + PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Readable.toWeb(Readable.from(body())) as NonNullable<RequestInit['body']>,
      duplex: 'half',
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = Buffer.from((await reader.read()).value ?? []).toString();
    expect(JSON.parse(first)).toMatchObject({ id: 's-1', status: 'recorded' });
    release();
    const second = Buffer.from((await reader.read()).value ?? []).toString();
    expect(JSON.parse(second)).toMatchObject({ id: 's-2', status: 'recorded' });
  });

  it('is refused by other routes, and with atomic', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const line = JSON.stringify(item('x'));
    expect((await app.send('POST', '/api/agent-metrics/guardian/custody-test', line, headers)).status).toBe(415);
    await expectRefused(
      app,
      { method: 'POST', path: `${PATH}?atomic=true`, body: line, headers },
      'validation_failed',
      'atomic',
    );
  });
});
