import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseServiceUrl } from '../remote/remote-service.js';
import { fetchEligibility } from './remote-eligibility.js';

const KEY = 'lvlup_0123456789abcdef_secret';
let server: Server;
let answer: (response: ServerResponse) => void;
let requests: { url: string; authorization: string | undefined }[];
beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const urlOf = (path = '') => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const read = (url = urlOf(), agentType = 'guardian') =>
  fetchEligibility({ url, apiKey: KEY, timeoutMs: 500 }, agentType);

async function expectError(made: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await made.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain(KEY);
}

describe('reading the eligibility from a service', () => {
  it.each([
    ['', 'guardian', '/api/custody/agents/guardian/eligibility'],
    ['/', 'openai/gpt-4o', '/api/custody/agents/openai%2Fgpt-4o/eligibility'],
    ['/metrics/', 'a?b#c', '/metrics/api/custody/agents/a%3Fb%23c/eligibility'],
  ])('below %j asks for %s at %s', async (prefix, agentType, path) => {
    answer = (response) => response.end('{"eligibility": {}}');
    expect(await read(urlOf(prefix), agentType)).toEqual({ eligibility: {} });
    expect(requests).toEqual([{ url: path, authorization: `Bearer ${KEY}` }]);
  });

  it.each(['', '.', '..'])('refuses the agent type %j, which no URL can name', async (agentType) => {
    await expectError(read(urlOf(), agentType), /Invalid agent type/);
    expect(requests).toEqual([]);
  });

  it.each([
    [401, /status 401: the detail \(LVLUP_API_KEY must contain/],
    [403, /status 403: the detail \(the key must have the scope read/],
    [404, /status 404: the detail \(the agent or the path does not exist/],
    [429, /status 429: the detail$/],
    [503, /status 503: the detail$/],
  ])('reports the status %i with the detail of the problem', async (status, message) => {
    answer = (response) => response.writeHead(status).end('{"detail": "the detail"}');
    await expectError(read(), message);
    answer = (response) => response.writeHead(status).end('<html>');
    await expectError(read(), new RegExp(`status ${status}: no problem document for /api/custody/`));
  });

  it('shows no control characters of the service', async () => {
    answer = (response) => response.writeHead(503).end('{"detail": "a\\u001b[2Jb"}');
    await expectError(read(), /a\\u001b\[2Jb/);
  });

  it.each(['<html>', '', '{'])('reports the response %j, which is not JSON', async (text) => {
    answer = (response) => response.setHeader('content-type', 'text/html').end(text);
    await expectError(read(), /is not JSON \(text\/html\)/);
  });

  it.each([
    ['http://other.example.com/x?secret', /redirects to http:\/\/other\.example\.com \(status 302\)/],
    ['/login', /redirects to http:\/\/127\.0\.0\.1:\d+ \(status 302\)/],
    ['http://', /redirects to another URL/],
  ])('does not follow a redirect to %s', async (location, message) => {
    answer = (response) => response.writeHead(302, { location }).end();
    await expectError(read(), message);
    expect(requests).toHaveLength(1);
  });

  it('reports a service that does not respond, or not completely', async () => {
    answer = () => undefined;
    await expectError(read(), /did not respond within 0\.5 seconds/);
    answer = (response) => response.write('{');
    await expectError(read(), /did not respond within 0\.5 seconds/);
  });

  it('reports a closed connection, and a response that is too long', async () => {
    answer = (response) => response.destroy();
    await expectError(read(), /cannot be reached: the connection was closed/);
    answer = (response) => response.end(' '.repeat(1024 * 1024 + 1));
    await expectError(read(), /longer than 1048576 bytes/);
  });

  it('reports a refused connection, an unknown host, and a server without TLS', async () => {
    const secure = urlOf();
    secure.protocol = 'https:';
    answer = (response) => response.end('{}');
    await expectError(read(secure), /cannot be reached: TLS failed \(\w+\)/);
    await expectError(read(new URL('http://127.0.0.1:1')), /cannot be reached: /);
    await expectError(read(new URL('http://host.invalid')), /cannot be reached: the host name/);
    const refused = urlOf();
    await new Promise((resolve) => server.close(resolve));
    await expectError(read(refused), /cannot be reached: the connection was refused \(ECONNREFUSED\)/);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
});

describe('the URL of a service', () => {
  it.each(['http://127.0.0.1:8000', 'https://metrics.example.com/', 'https://example.com/metrics'])('%s', (url) => {
    expect(parseServiceUrl(url)?.href.startsWith(url)).toBe(true);
  });

  it.each([
    '',
    'metrics.example.com',
    'ftp://a',
    'file:///etc',
    'https://u:p@a',
    'https://u@a',
    'https://a/?x',
    'https://a/#x',
  ])('is not %j', (url) => {
    expect(parseServiceUrl(url)).toBeNull();
  });
});
