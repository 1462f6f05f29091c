import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { STATUS_OF } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';
import { stored } from '../support/read.js';

const CRLF = '\r\n';
const END = CRLF + CRLF;
const PATH = agentPath('guardian', 'custody-test');
const RESULT = JSON.stringify(createCustodyTest());

/** A POST of a good result, with these headers in place of what belongs there. */
const post = (headers: string[], body = RESULT) =>
  [`POST ${PATH} HTTP/1.1`, 'Host: localhost', 'Connection: close', 'Content-Type: application/json', ...headers].join(
    CRLF,
  ) +
  END +
  body;

const NOT_HTTP: [name: string, bytes: string | Buffer][] = [
  ['words', `hello, is it me?${END}`],
  ['an empty request line', `${CRLF} ${END}`],
  ['NULs', Buffer.alloc(1_000)],
  ['random bytes', Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 167 + 13) % 256))],
  ['a TLS handshake', Buffer.from('16030100c8010000c40303', 'hex')],
  ['the preface of HTTP/2', `PRI * HTTP/2.0${END}SM${END}`],
  ['an unknown version', `GET ${AGENTS} HTTP/9.9${CRLF}Host: localhost${END}`],
  ['a method of small letters', `get ${AGENTS} HTTP/1.1${CRLF}Host: localhost${END}`],
  ['a header without a colon', `GET ${AGENTS} HTTP/1.1${CRLF}Host: localhost${CRLF}nonsense${END}`],
  ['a header with a NUL', `GET ${AGENTS} HTTP/1.1${CRLF}Host: localhost${CRLF}x: a\u0000b${END}`],
  ['a space in the path', `GET ${AGENTS}/a b HTTP/1.1${CRLF}Host: localhost${END}`],
  ['a length that is no number', post(['Content-Length: many'])],
  ['a length below 0', post(['Content-Length: -1'])],
  ['two lengths', post([`Content-Length: ${RESULT.length}`, 'Content-Length: 1'])],
  ['a length and chunks', post([`Content-Length: ${RESULT.length}`, 'Transfer-Encoding: chunked'])],
  ['an unknown transfer encoding', post(['Transfer-Encoding: nonsense'])],
  ['a chunk without size', post(['Transfer-Encoding: chunked'], `zz${CRLF}${RESULT}${END}`)],
];

const OVERSIZED: [name: string, bytes: string][] = [
  ['a header', `GET ${AGENTS} HTTP/1.1${CRLF}Host: localhost${CRLF}x: ${'a'.repeat(20_000)}${END}`],
  [
    'many headers',
    `GET ${AGENTS} HTTP/1.1${CRLF}Host: localhost${CRLF}${Array.from({ length: 5_000 }, (_, n) => `x${n}: abc`).join(CRLF)}${END}`,
  ],
  ['a path', `GET ${AGENTS}/${'a'.repeat(20_000)} HTTP/1.1${CRLF}Host: localhost${END}`],
  ['headers of a POST', post([`x: ${'a'.repeat(20_000)}`, `Content-Length: ${RESULT.length}`])],
];

describe('bytes on a socket', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  async function expectRawProblem(bytes: string | Buffer, code: keyof typeof STATUS_OF): Promise<void> {
    const before = await stored(app);
    const answer = await sendRaw(app.url, bytes);
    expect(answer).toMatchObject({
      status: STATUS_OF[code],
      headers: expect.stringMatching(/^content-type: application\/problem\+json/im),
    });
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({
      type: `urn:lvlup:problem:${code}`,
      title: expect.any(String),
      status: STATUS_OF[code],
      detail: expect.any(String),
      code,
    });
    expect(await stored(app)).toEqual(before);
  }

  it.each(NOT_HTTP)('that are not HTTP are refused: %s', async (_name, bytes) => {
    await expectRawProblem(bytes, 'malformed_request');
  });

  it.each(OVERSIZED)('that are too many are refused: %s', async (_name, bytes) => {
    await expectRawProblem(bytes, 'headers_too_large');
  });

  it.each(['evil.example', 'localhost'])('with two Hosts are refused: localhost and %s', async (second) => {
    const head = `GET ${AGENTS} HTTP/1.1${CRLF}Host: localhost${CRLF}`;
    await expectRawProblem(`${head}hOST: ${second}${CRLF}Connection: close${END}`, 'malformed_request');
  });

  it('without a Host are refused', async () => {
    await expectRawProblem(`GET ${AGENTS} HTTP/1.1${CRLF}Connection: close${END}`, 'malformed_request');
  });

  it('with an unknown expectation are refused', async () => {
    const answer = await sendRaw(app.url, post(['Expect: a-miracle', `Content-Length: ${RESULT.length}`]));
    expect(answer).toMatchObject({ status: 417, headers: expect.stringMatching(/application\/problem\+json/) });
  });

  it('that exceed 1 MiB in chunks are refused', async () => {
    const chunk = `10000${CRLF}${'x'.repeat(0x10000)}${CRLF}`;
    await expectRawProblem(post(['Transfer-Encoding: chunked'], chunk.repeat(20)), 'payload_too_large');
  });

  it.each([
    ['in the middle of a body', post([`Content-Length: ${RESULT.length + 10}`])],
    ['before the body', post([`Content-Length: ${RESULT.length}`], '')],
    ['in the middle of a chunk', post(['Transfer-Encoding: chunked'], `fff${CRLF}${RESULT}`)],
    [
      'before the last chunk',
      post(['Transfer-Encoding: chunked'], `${RESULT.length.toString(16)}${CRLF}${RESULT}${CRLF}`),
    ],
    ['in the middle of the headers', `POST ${PATH} HTTP/1.1${CRLF}Host: localhost`],
  ])('that end %s record nothing', async (_case, bytes) => {
    const before = await stored(app);
    const answer = await sendRaw(app.url, bytes, true);
    expect(answer === null || (answer.status >= 400 && answer.status < 500)).toBe(true);
    expect(await stored(app)).toEqual(before);
  });

  it('that are a valid request are recorded', async () => {
    const before = await stored(app);
    expect(await sendRaw(app.url, post([`Content-Length: ${RESULT.length}`]))).toMatchObject({ status: 200 });
    const chunked = `${RESULT.length.toString(16)}${CRLF}${RESULT}${CRLF}0${END}`;
    expect(await sendRaw(app.url, post(['Transfer-Encoding: chunked'], chunked))).toMatchObject({ status: 200 });
    expect((await stored(app)).events).toBe(before.events + 2);
  });

  it('of all kinds do not stop the service', async () => {
    await Promise.all([...NOT_HTTP, ...OVERSIZED].map(([, bytes]) => sendRaw(app.url, bytes)));
    expect((await app.send('GET', AGENTS)).status).toBe(200);
  });
});
