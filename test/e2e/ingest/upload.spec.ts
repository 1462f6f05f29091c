import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeZip } from '../../support/ingest/zip.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { expectProblem } from '../support/problem.js';
import { type Json, metricsOf, stored } from '../support/read.js';
import { until } from '../support/until.js';
import { createLog, createReport } from './files.js';

const PATH = '/api/ingest';
const MAX_BYTES = 2_500_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ INGEST_MAX_SIZE: String(MAX_BYTES), REQUEST_TIMEOUT: '3', STALL_TIMEOUT: '70' });
});
afterAll(() => app.close());

async function upload(
  query: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'application/octet-stream' },
) {
  const response = await fetch(app.url + PATH + query, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}
/** Temporary files of this process. */
const spooled = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(`lvlup-ingest-${process.pid}-`));

describe('POST /api/ingest', () => {
  it('records a file once, and of a longer version only what is new', async () => {
    const query = '?format=junit&agent=once&category=unit_tests';
    const report = createReport(20, { failed: 5 });
    const first = await upload(query, report);
    expect(first).toMatchObject({
      status: 200,
      body: {
        status: 'success',
        dry_run: false,
        file: 'body',
        format: 'junit',
        cases: 20,
        passed: 15,
        failed: 5,
        errored: 0,
        not_recorded: 0,
        recorded: 20,
        replayed: 0,
        refused: 0,
        agents: [{ model: null, agent_type: 'once', category: 'unit_tests', cases: 20 }],
        reasons: {},
        not_recorded_cases: [],
      },
    });
    const before = await stored(app);
    expect((await upload(query, report)).body).toMatchObject({ recorded: 0, replayed: 20 });
    expect(await stored(app)).toEqual(before);
    expect((await upload(query, createReport(23, { failed: 5 }))).body).toMatchObject({ recorded: 3, replayed: 20 });
    expect(await metricsOf(app, 'once')).toMatchObject({ total_tests_passed: 18, total_tests_failed: 5 });
  });

  it('refuses cases that were ingested with another category, and names it; other agents have them too', async () => {
    const report = createReport(2, { failed: 1 });
    await upload('?agent=again&category=unit_tests', report);
    const before = await stored(app);
    const { body } = await upload('?agent=again&category=regression', report);
    expect(body).toMatchObject({ recorded: 0, replayed: 0, refused: 2, not_recorded: 2, reasons: { refused: 2 } });
    expect(body['not_recorded_cases']).toMatchObject([
      { reason: expect.stringContaining('its category was "unit_tests", not "regression"') },
      { reason: expect.stringContaining('its category was "unit_tests", not "regression"') },
    ]);
    expect(await stored(app)).toEqual(before);
    expect((await upload('?agent=again-2&category=regression', report)).body).toMatchObject({ recorded: 2 });
  });

  it.each([
    ['application/json', createLog(['C'])],
    ['application/json; charset=utf-8', createLog(['C'])],
    ['application/x-ndjson', createLog(['C'])],
    ['application/xml', createReport(1)],
    ['text/xml', createReport(1)],
    ['application/gzip', gzipSync(createLog(['C']))],
    ['application/x-www-form-urlencoded', createReport(1)],
    ['no type', createReport(1)],
  ])('reads a body of %s as a file', async (type, body) => {
    const { body: report } = await upload('?agent=types', body, { 'content-type': type });
    expect(report).toMatchObject({ status: 'success', cases: 1, passed: 1 });
  });

  it('reads an archive, and a body without a type', async () => {
    const { samples, ...header } = JSON.parse(createLog(['C', 'I'])) as { samples: object[] };
    const entries = [
      { name: 'header.json', content: JSON.stringify(header) },
      ...samples.map((sample, index) => ({ name: `samples/${index}_epoch_1.json`, content: JSON.stringify(sample) })),
    ];
    expect((await upload('?agent=archive', new Uint8Array(writeZip(entries)))).body).toMatchObject({ recorded: 2 });
    const response = await fetch(`${app.url}${PATH}?agent=archive`, {
      method: 'POST',
      body: new Blob([createReport(1)]),
    });
    expect(response.status).toBe(200);
  });

  it('records files that are larger than other bodies, and leaves no copy', async () => {
    const before = await spooled();
    const body = createReport(100, { output: 'x'.repeat(15_000) });
    expect(body.length).toBeGreaterThan(1_048_576);
    expect((await upload('?agent=large', body)).body).toMatchObject({ cases: 100, recorded: 100 });
    expect(await spooled()).toEqual(before);
  });

  it('records nothing in a dry run', async () => {
    const before = await stored(app);
    const { body } = await upload('?dry_run=true', createLog(['C', 'I', 7]));
    expect(body).toMatchObject({
      dry_run: true,
      cases: 3,
      passed: 1,
      failed: 1,
      not_recorded: 1,
      recorded: 0,
      agents: [{ model: 'openai/gpt-4o', agent_type: 'openai/gpt-4o', category: 'pkg_task', cases: 2 }],
      reasons: { score_out_of_range: 1 },
      not_recorded_cases: [{ place: 'sample 2, epoch 1', code: 'score_out_of_range' }],
    });
    expect(await stored(app)).toEqual(before);
  });

  it('refuses a damaged file whole, with the position of the fault', async () => {
    const before = await stored(app);
    const answer = await upload('?agent=damaged', '<testsuites>\n<testsuite name="a"><testcase name="b"/>');
    expect(answer.body).toMatchObject({
      status: 400,
      code: 'evaluation_file_invalid',
      line: 2,
      column: 40,
      detail: expect.stringMatching(/^The file is not well-formed XML/),
    });
    expectProblem(await upload('?agent=damaged', ''), 'evaluation_file_invalid', PATH);
    expectProblem(await upload('', '{}'), 'evaluation_file_invalid', PATH);
    expect(await stored(app)).toEqual(before);
    expect(await spooled()).toEqual([]);
  });

  it.each([
    'format=csv',
    'agent=a%20b',
    'agent=',
    'category=A',
    'junit_errors=x',
    'dry_run=1',
    'pass_mark=101',
    'map=x',
  ])('refuses the query %s', async (query) => {
    expectProblem(await upload(`?${query}`, createReport(1)), 'validation_failed', PATH, [query.split('=')[0] ?? '']);
  });

  it('refuses encoded bodies', async () => {
    const headers = { 'content-type': 'application/xml', 'content-encoding': 'gzip' };
    expectProblem(await upload('?agent=a', gzipSync(createReport(1)), headers), 'unsupported_media_type', PATH);
  });

  it('refuses files above the limit, whether their size is announced or not', async () => {
    const before = await stored(app);
    expectProblem(await upload('?agent=a', createReport(1).padEnd(MAX_BYTES + 1)), 'payload_too_large', PATH);
    const socket = await open('?agent=a', 'Transfer-Encoding: chunked');
    const chunk = ' '.repeat(500_000);
    for (let sent = 0; sent <= MAX_BYTES; sent += chunk.length) {
      socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    }
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 413 .*connection: close.*"payload_too_large"/is);
    expect(await stored(app)).toEqual(before);
    expect(await spooled()).toEqual([]);
  });

  it('refuses a third ingest while two are running, and deletes the copies when clients disconnect', async () => {
    const sockets = [
      await open('?agent=a', 'Content-Length: 1000000'),
      await open('?agent=a', 'Content-Length: 1000000'),
    ];
    for (const socket of sockets) socket.write('<testsuites>');
    await until(async () => (await spooled()).length === 2);
    const answer = await upload('?agent=a', createReport(1));
    expectProblem(answer, 'overloaded', PATH);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await spooled()).length === 0);
    expect((await upload('?agent=a', createReport(1))).status).toBe(200);
  });

  it('lets an upload proceed longer than REQUEST_TIMEOUT only if it sends enough', async () => {
    const slow = await open('?agent=a', 'Content-Length: 1000000');
    const dripped = drip(slow);
    const answer = await readAll(slow);
    await dripped;
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"request_timeout"/is);
    await until(async () => (await spooled()).length === 0);
  });
});

describe('access to POST /api/ingest', () => {
  it('requires the scope write, and records the agents of the key only', async () => {
    const [reader, limited] = [
      await createKey(app, { name: 'reader', scope: 'read' }),
      await createKey(app, { name: 'limited', scope: 'write', agents: ['mine'] }),
    ];
    const log = createLog(['C', 'C'], 'mine');
    expectProblem(await upload('', log, bearer(reader)), 'scope_missing', PATH);
    expectProblem(await upload('', log, {}), 'unauthenticated', PATH);
    expect((await upload('', log, bearer(limited))).body).toMatchObject({ recorded: 2, refused: 0 });
    const before = await stored(app);
    for (const query of ['?agent=other', '?agent=other&dry_run=true']) {
      expect((await upload(query, log, bearer(limited))).body).toMatchObject({
        recorded: 0,
        refused: 2,
        not_recorded: 2,
        agents: [],
        reasons: { refused: 2 },
        not_recorded_cases: [{ reason: expect.stringContaining('limited to other agents') }, {}],
      });
    }
    expect(await stored(app)).toEqual(before);
  });
});

async function open(query: string, header: string): Promise<Socket> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`POST ${PATH}${query} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  if (!socket.closed) await once(socket, 'close');
  return answer;
}

async function drip(socket: Socket): Promise<void> {
  while (!socket.closed) {
    socket.write(' ');
    await sleep(100);
  }
}
