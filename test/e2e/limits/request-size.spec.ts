import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { AGENTS } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';

const URL_MAX_LENGTH = 8_000;
const HEADERS_MAX = 100;

describe('the size of a request', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const pathOf = (length: number) => `${AGENTS}?cursor=`.padEnd(length, 'a');

  it('is bounded in its URL', async () => {
    const longest = pathOf(URL_MAX_LENGTH);
    expectProblem(await app.send('GET', longest), 'validation_failed', longest);
    const path = pathOf(URL_MAX_LENGTH + 1);
    await expectRefused(app, { method: 'GET', path }, 'uri_too_long');
    await expectRefused(app, { method: 'PUT', path: `/nowhere?${'a'.repeat(URL_MAX_LENGTH)}` }, 'uri_too_long');
  });

  it('is bounded in the number of its headers', async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `x${index}: a\r\n`).join('');
    const get = (headers: string) => `GET ${AGENTS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`;
    expect(await sendRaw(app.url, get(lines(HEADERS_MAX - 2)))).toMatchObject({ status: 200 });
    for (const count of [HEADERS_MAX - 1, 2_000]) {
      const answer = await sendRaw(app.url, get(lines(count)));
      expect(answer).toMatchObject({ status: 431, body: expect.stringMatching(/"code":"headers_too_large"/) });
    }
  });
});
