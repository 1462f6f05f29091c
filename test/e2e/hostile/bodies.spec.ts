import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBodyOfBytes } from '../../factories/json.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';
import { metricsOf, stored } from '../support/read.js';
import { WRITE_ROUTES } from '../support/write-routes.js';

const MEBIBYTE = 1_048_576;

/** Not the JSON that the API takes at all. */
const MALFORMED = [
  ...['{"status":', '{', '}', '{"a" 1}', "{'status':'idle'}", '{"status":"idle",}', '{"status":"idle"}}', '{"xp":01}'],
  ...[
    '{"xp":+1}',
    '{"xp":.5}',
    '{"xp":NaN}',
    '{"xp":Infinity}',
    '{"xp":0x10}',
    '{"status":"a\nb"}',
    '{"xp":1}{"xp":2}',
  ],
  ...[' ', 'undefined', 'status=idle', '<xml/>', '{"status":"\\x41"}', '{/**/}', '\u0000', '{"xp":1}\u0000'],
];
/** Keys that would reach for an object's prototype. */
const PROTOTYPES = [
  '{"__proto__":{"is_active":false}}',
  '{"\\u005f_proto__":{"is_active":false}}',
  '{"config":{"__proto__":{"polluted":true}}}',
  '{"config":[{"a":{"__proto__":1}}]}',
  '{"constructor":{"prototype":{"polluted":true}}}',
];

describe.each(WRITE_ROUTES)('the body of $name', ({ method, path: pathOf, body }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());
  const path = pathOf('guardian');

  it.each(['', 'null', '[]', '"x"', '1', 'true', '[{}]'])('must be an object, not %j', async (text) => {
    await expectRefused(app, { method, path, body: text }, 'validation_failed', 'body');
  });

  it('is required', async () => {
    await expectRefused(app, { method, path }, 'validation_failed', 'body');
  });

  it.each(MALFORMED)('must be JSON, not %j', async (text) => {
    await expectRefused(app, { method, path, body: text }, 'malformed_request');
  });

  it('can have a byte order mark at its start only', async () => {
    const text = JSON.stringify(body);
    expect((await app.send(method, path, `\uFEFF${text}`)).status).toBe(200);
    for (const odd of [`\uFEFF\uFEFF${text}`, `${text}\uFEFF`, '\uFEFF']) {
      await expectRefused(app, { method, path, body: odd }, 'malformed_request');
    }
  });

  it.each(PROTOTYPES)('must not set a prototype: %s', async (text) => {
    const before = await stored(app);
    const answer = await app.send(method, path, text);
    expect(answer.status).toBe(400);
    expectProblem(answer, (answer.body as { code: 'malformed_request' }).code, path);
    expect(await stored(app)).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['a byte that is none of UTF-8', [0xff]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['half an emoji', [0xf0, 0x9f, 0x99]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0xfc]],
  ])('must be UTF-8, not %s', async (_case, bytes) => {
    const before = await stored(app);
    const buffer = Buffer.concat([Buffer.from('{"status":"'), Buffer.from(bytes), Buffer.from('"}')]);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(app.url + path, { method, headers, body: buffer });
    const answer = { status: response.status, headers: response.headers, body: await response.json() };
    expectProblem(answer, 'malformed_request', path);
    expect(await stored(app)).toEqual(before);
  });

  it.each([MEBIBYTE + 1, MEBIBYTE + 1_000, 3 * MEBIBYTE])('must not be %d bytes long', async (bytes) => {
    await expectRefused(app, { method, path, body: createBodyOfBytes(bytes) }, 'payload_too_large');
  });

  it('is accepted with surrounding spaces', async () => {
    expect((await app.send(method, path, ` \r\n\t${JSON.stringify(body)} `)).status).toBe(200);
  });
});

describe('a body of 1 MiB', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ MAX_DOCUMENT_BYTES: '1048576' });
  });
  afterAll(() => app.close());

  it.each([MEBIBYTE, MEBIBYTE - 1])('is accepted: %d bytes', async (bytes) => {
    const body = createBodyOfBytes(bytes);
    expect(Buffer.byteLength(body)).toBe(bytes);
    expect((await app.send('PUT', agentPath('guardian'), body)).status).toBe(200);
    expect(await metricsOf(app, 'guardian')).toMatchObject(JSON.parse(body) as object);
  });
});
