import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PIPELINED_MAX } from '../../../src/http/server/pipelining.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, BULK_UPDATE } from '../support/paths.js';
import { sendRaw } from '../support/raw-socket.js';
import { stored } from '../support/read.js';

/** Bytes of the largest refusal: 20 fields, whose names are cut, and the names of all columns once. */
const REFUSAL_MAX = 40_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const fieldsOf = (count: number, name: (n: number) => string, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), value]));

interface Refusal {
  detail: string;
  errors: { field: string; detail: string }[];
  further_errors?: number;
}

const BODIES: [name: string, path: string, body: unknown, errors: number][] = [
  [
    '999 agents with 100 unknown fields each',
    BULK_UPDATE,
    {
      updates: fieldsOf(
        999,
        (n) => `a${n}`,
        fieldsOf(100, (n) => `b${n}`),
      ),
    },
    99_900,
  ],
  ['50,000 unknown fields', agentPath('guardian'), fieldsOf(50_000, (n) => `f${n}`), 50_000],
  [
    'the longest name of an agent, with unknown fields',
    BULK_UPDATE,
    { updates: { ['n'.repeat(900_000)]: fieldsOf(100, (n) => `f${n}`) } },
    100,
  ],
  [
    'names of control characters',
    BULK_UPDATE,
    { updates: { ['\u0001'.repeat(100_000)]: fieldsOf(30, (n) => '\u0001'.repeat(1_000) + String(n)) } },
    30,
  ],
  [
    'documents with long keys, and what can not be stored below them',
    BULK_UPDATE,
    { updates: fieldsOf(50, (n) => `a${n}`, { config: { ['k'.repeat(9_000)]: '\u0000' } }) },
    1,
  ],
  ['999 agents that break a rule', BULK_UPDATE, { updates: fieldsOf(999, (n) => `a${n}`, { level: 0 }) }, 999],
  ['999 names that new agents can not have', BULK_UPDATE, { updates: fieldsOf(999, (n) => `-${n}`, {}) }, 999],
];

describe('a refusal', () => {
  it.each(BODIES)('of %s is small, names 20 fields, and counts the others', async (_, path, body, count) => {
    const before = await stored(app);
    const answer = await app.send(path === BULK_UPDATE ? 'POST' : 'PUT', path, body);
    const { errors, further_errors: further = 0, detail } = answer.body as Refusal;
    expect([400, 422]).toContain(answer.status);
    expect(JSON.stringify(answer.body).length).toBeLessThan(REFUSAL_MAX);
    expect(errors).toHaveLength(Math.min(count, 20));
    expect(errors.length + further).toBe(count);
    expect(detail).toMatch(new RegExp(`^The request has ${count} (invalid )?${count === 1 ? 'field' : 'fields'}\\b`));
    expect(await stored(app)).toEqual(before);
  });

  it('names the known fields once', async () => {
    const answer = await app.send(
      'PUT',
      agentPath('guardian'),
      fieldsOf(15, (n) => `f${n}`),
    );
    expect(JSON.stringify(answer.body).match(/adversarial_wins/g)).toHaveLength(1);
  });
});

describe('requests on one connection', () => {
  const get = (count: number, last: string) =>
    'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(count - 1) +
    `GET /nowhere HTTP/1.1\r\nHost: localhost\r\n${last}\r\n`;

  it('within the limit are all answered', async () => {
    const answer = await sendRaw(app.url, get(PIPELINED_MAX, 'Connection: close\r\n'));
    expect(answer?.body.match(/HTTP\/1\.1 404/g)).toHaveLength(PIPELINED_MAX - 1);
  });

  it('above the limit, pipelined, end the connection', async () => {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        resolve();
      });
    });
    socket.write(get(1_000, ''));
    socket.resume();
    await closed;
    expect((await app.send('GET', '/health/live')).status).toBe(200);
  });
});
