import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { expectProblem } from '../support/problem.js';
import { type Json, stored } from '../support/read.js';
import { until } from '../support/until.js';
import { createReport } from './files.js';

const PATH = '/api/ingest';
const MAX_BYTES = 300_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ INGEST_MAX_SIZE: String(MAX_BYTES) });
});
afterAll(() => app.close());

async function send(body: FormData | string, headers: Record<string, string> = {}, query = '?agent=form') {
  const response = await fetch(app.url + PATH + query, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}
const formOf = (...files: [name: string, content: string, fileName?: string][]): FormData => {
  const form = new FormData();
  for (const [name, content, fileName] of files) form.append(name, new Blob([content]), fileName);
  return form;
};
const part = (header: string, content: string): string =>
  `--x\r\nContent-Disposition: form-data; ${header}\r\n\r\n${content}\r\n`;
const FORM = { 'content-type': 'multipart/form-data; boundary=x' };
const spooled = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(`lvlup-ingest-${process.pid}-`));

describe('POST /api/ingest with a form', () => {
  it('records its file, as a body that is the file', async () => {
    const report = createReport(30, { output: 'x'.repeat(2_000) });
    const answer = await send(formOf(['file', report, 'report.xml']));
    expect(answer).toMatchObject({ status: 200, body: { file: 'report.xml', cases: 30, recorded: 30 } });
    const again = await send(report, { 'content-type': 'application/xml' });
    expect(again.body).toMatchObject({ file: 'body', recorded: 0, replayed: 30 });
    expect((await send(formOf(['other', report]), {}, '?agent=form&file=a.xml')).body).toMatchObject({
      file: 'a.xml',
      replayed: 30,
    });
  });

  it('takes task and time from the name of its file', async () => {
    const samples = '{"doc_id":1,"doc_hash":"h","filter":"none","metrics":["acc"],"acc":1}';
    const { body } = await send(formOf(['file', samples, 'samples_arc_easy_2026-01-21T03-44-18.jsonl']));
    expect(body).toMatchObject({ format: 'lm-eval', agents: [{ category: 'arc_easy' }] });
  });

  it.each([
    ['no file', '--x--\r\n', /no file|not valid/],
    ['a field', `${part('name="agent"', 'a')}--x--\r\n`, /has the field "agent"/],
    [
      'a field after the file',
      `${part('name="f"; filename="a"', createReport(1))}${part('name="agent"', 'a')}--x--\r\n`,
      /field "agent"/,
    ],
    ['two files', `${part('name="f"; filename="a"', createReport(1)).repeat(2)}--x--\r\n`, /more than one file/],
    ['no end', part('name="f"; filename="a"', createReport(1)), /not valid multipart/],
    ['no parts', 'hello', /not valid multipart/],
    ['nothing', '', /not valid multipart|no file/],
  ])('refuses %s', async (_, body, detail) => {
    const before = await stored(app);
    const answer = await send(body, FORM);
    expectProblem(answer, 'malformed_request', PATH);
    expect(answer.body['detail']).toMatch(detail);
    expect(await stored(app)).toEqual(before);
    expect(await spooled()).toEqual([]);
  });

  it.each(['multipart/form-data', 'multipart/form-data; boundary='])('refuses %s', async (type) => {
    expectProblem(await send('--x--', { 'content-type': type }), 'malformed_request', PATH);
  });

  it('refuses other multipart types', async () => {
    expectProblem(
      await send('--x--', { 'content-type': 'multipart/mixed; boundary=x' }),
      'unsupported_media_type',
      PATH,
    );
  });

  it('refuses a file above the limit', async () => {
    expectProblem(await send(formOf(['file', createReport(1).padEnd(MAX_BYTES + 1)])), 'payload_too_large', PATH);
    expectProblem(await send(formOf(['file', createReport(1).padEnd(MAX_BYTES * 3)])), 'payload_too_large', PATH);
    expect((await send(formOf(['file', createReport(1).padEnd(MAX_BYTES)]))).status).toBe(200);
    expect(await spooled()).toEqual([]);
  });

  it('deletes its copy when the client disconnects', async () => {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    await once(socket, 'connect');
    const head = `POST ${PATH}?agent=a HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${FORM['content-type']}\r\nContent-Length: 200000\r\n\r\n`;
    socket.write(head + part('name="f"; filename="a"', 'x'.repeat(50_000)));
    await until(async () => (await spooled()).length === 1);
    socket.destroy();
    await until(async () => (await spooled()).length === 0);
    expect((await send(formOf(['file', createReport(1)]))).status).toBe(200);
  });
});
