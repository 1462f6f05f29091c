import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';
import { stored } from '../support/read.js';
import { WRITE_ROUTES } from '../support/write-routes.js';

const REFUSED = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  'application/jsonp',
  'application/merge-patch+json',
  'json',
  '*/*',
];

describe('the content type', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  describe.each(WRITE_ROUTES)('of $name', ({ method, path: pathOf, body }) => {
    const path = pathOf('guardian');

    it.each(REFUSED)('must not be %s', async (type) => {
      const request = { method, path, body: JSON.stringify(body), headers: { 'content-type': type } };
      await expectRefused(app, request, 'unsupported_media_type');
    });

    it('is required with a body', async () => {
      const before = await stored(app);
      // A Blob without a type is sent without the header.
      const response = await fetch(app.url + path, { method, body: new Blob([JSON.stringify(body)]) });
      const answer = { status: response.status, headers: response.headers, body: await response.json() };
      expectProblem(answer, 'unsupported_media_type', path);
      expect(await stored(app)).toEqual(before);
    });
  });

  it.each(['gzip', 'x-gzip', 'br', 'deflate', 'zstd', 'identity, gzip', 'nonsense'])(
    'with the content coding %s is refused, and the supported one is named',
    async (coding) => {
      const path = agentPath('guardian');
      for (const body of [gzipSync('{"xp":9}'), '{"xp":9}']) {
        const before = await stored(app);
        const headers = { 'content-type': 'application/json', 'content-encoding': coding };
        const response = await fetch(app.url + path, { method: 'PUT', headers, body });
        const answer = { status: response.status, headers: response.headers, body: await response.json() };
        expectProblem(answer, 'unsupported_media_type', path);
        expect(answer.headers.get('accept-encoding')).toBe('identity');
        expect(await stored(app)).toEqual(before);
      }
    },
  );

  it.each(['identity', 'Identity'])('with the content coding %s is accepted', async (coding) => {
    const headers = { 'content-encoding': coding };
    expect((await app.send('PUT', agentPath('guardian'), '{}', headers)).status).toBe(200);
  });

  it('of a form of a browser is refused', async () => {
    const before = await stored(app);
    const form = new FormData();
    form.set('status', 'active');
    const path = agentPath('guardian');
    for (const body of [form, new URLSearchParams({ status: 'active' })]) {
      const response = await fetch(app.url + path, { method: 'PUT', body });
      const answer = { status: response.status, headers: response.headers, body: await response.json() };
      expectProblem(answer, 'unsupported_media_type', path);
    }
    expect(await stored(app)).toEqual(before);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/json;charset=UTF-8',
  ])('can be %s', async (type) => {
    const answer = await app.send('PUT', agentPath('guardian'), '{}', { 'content-type': type });
    expect(answer.status).toBe(200);
  });
});
