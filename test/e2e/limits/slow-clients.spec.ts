import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { sendRaw } from '../support/raw-socket.js';
import { metricsOf, stored } from '../support/read.js';
import { until } from '../support/until.js';

const GET = `GET ${AGENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const BODY = JSON.stringify({ xp: 7 });
const PUT = `PUT ${agentPath('guardian')} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;

async function connectTo({ url }: TestApp): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends text a character at a time, as somebody would who wants to keep the server busy, and returns the answer. */
async function drip(app: TestApp, before: string, text: string): Promise<string> {
  const socket = await connectTo(app);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.write(before);
  for (let sent = 0; !socket.closed; sent++) {
    socket.write(text[sent % text.length] ?? '');
    await sleep(50);
  }
  return answer;
}

const connectionsOf = ({ app }: TestApp): Promise<number> =>
  new Promise((resolve, reject) => {
    app.getHttpServer().getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });

describe('a client', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      HEADERS_TIMEOUT: '0.5',
      REQUEST_TIMEOUT: '1',
      STALL_TIMEOUT: '1',
      KEEP_ALIVE_TIMEOUT: '0.5',
    });
  });
  afterAll(() => app.close());

  it('with slow headers gets 408', async () => {
    expect(await drip(app, `GET ${AGENTS} HTTP/1.1\r\nHost: localhost\r\nx: `, 'slow')).toMatch(
      /^HTTP\/1\.1 408 .*connection: close.*"code":"request_timeout"/is,
    );
  });

  it('with a slow body gets 408, and changes nothing', async () => {
    const before = await stored(app);
    const head = PUT.replace(`Content-Length: ${BODY.length}`, 'Content-Length: 1000000');
    expect(await drip(app, head, ' ')).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/is);
    expect(await stored(app)).toEqual(before);
  });

  it('that sends nothing is disconnected', async () => {
    expect(await sendRaw(app.url, '')).toMatchObject({ status: 408 });
  });

  it('that sends no further request is disconnected', async () => {
    expect(await sendRaw(app.url, GET)).toMatchObject({ status: 200, headers: expect.not.stringMatching(/close/) });
  });

  it('that does not read its responses is disconnected', async () => {
    const socket = await connectTo(app);
    socket.pause();
    // More than fits between the two of them.
    socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(30));
    await until(async () => (await connectionsOf(app)) > 0);
    await until(async () => (await connectionsOf(app)) === 0);
    socket.destroy();
  });

  it('that sends invalid bytes after a request gets its response first', async () => {
    await app.database.query('BEGIN');
    await app.database.query('LOCK agent_metrics');
    const answer = sendRaw(app.url, `${PUT}${BODY}nonsense\r\n\r\n`);
    await sleep(200);
    await app.database.query('COMMIT');
    expect(await answer).toMatchObject({ status: 200, headers: expect.stringMatching(/^connection: close/im) });
    expect(await metricsOf(app, 'guardian')).toMatchObject({ xp: 7 });
  });
});

describe('connections above the limit', () => {
  it('are closed without a response, and accepted again when others end', async () => {
    const app = await startTestApp({ MAX_CONNECTIONS: '2' });
    const open = [await connectTo(app), await connectTo(app)];
    await until(async () => (await connectionsOf(app)) === 2);
    expect(await sendRaw(app.url, GET)).toBeNull();
    open[0]?.destroy();
    await until(async () => (await connectionsOf(app)) === 1);
    expect(await sendRaw(app.url, GET.replace('Host', 'Connection: close\r\nHost'))).toMatchObject({ status: 200 });
    open[1]?.destroy();
    await app.close();
  });
});
