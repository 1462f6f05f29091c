import { beforeEach, describe, expect, it } from '@jest/globals';
import { IN_TRANSACTION, PipelinedBegin } from './pipelined-begin.js';

const UPDATE = 'UPDATE agent_metrics agent SET xp = 1';
const WRITES = [
  UPDATE,
  'INSERT INTO agent_events SELECT 1',
  'DELETE FROM api_keys',
  'WITH moved AS (DELETE FROM a RETURNING *) SELECT * FROM moved',
  'WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x',
  'ROLLBACK',
  'LISTEN feed',
];
const READS = [
  'SELECT 1',
  'SELECT 1 FROM a FOR UPDATE',
  'SET LOCAL x = 1',
  'WITH asked AS (SELECT 1) SELECT * FROM asked',
  `WITH written AS (${UPDATE} RETURNING 1) SELECT 1 / (${IN_TRANSACTION})::integer FROM written`,
  'COMMIT',
];

let pipelined: PipelinedBegin;
let sent: string[];
/** START TRANSACTION. */
let begun: Promise<unknown>;
let succeed: (value?: unknown) => void;
let fail: (error: Error) => void;

const send = (text: string) =>
  pipelined.send(text, () => {
    sent.push(text);
    return Promise.resolve(`result of ${text}`);
  });

beforeEach(() => {
  sent = [];
  pipelined = new PipelinedBegin();
  begun = new Promise((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  pipelined.begin(() => begun);
});

describe('a transaction that has not begun', () => {
  it.each(READS)('sends at once: %s', async (text) => {
    const result = send(text);
    expect(sent).toEqual([text]);
    succeed();
    expect(await result).toBe(`result of ${text}`);
  });

  it.each(WRITES)('waits to send: %s', async (text) => {
    const result = send(text);
    await new Promise(setImmediate);
    expect(sent).toEqual([]);
    succeed();
    expect(await result).toBe(`result of ${text}`);
  });

  it('keeps the order of statements', async () => {
    const results = ['SELECT 1', UPDATE, 'SELECT 2', 'COMMIT'].map(send);
    expect(sent).toEqual(['SELECT 1']);
    succeed();
    const later = begun.then(() => send('SELECT 3'));
    await Promise.all([...results, later]);
    expect(sent).toEqual(['SELECT 1', UPDATE, 'SELECT 2', 'COMMIT', 'SELECT 3']);
  });

  it('sends no write if it fails to begin, and then is over', async () => {
    const results = Promise.allSettled([send('SELECT 1'), send(UPDATE), send('SELECT 2')]);
    fail(new Error('cancelled'));
    for (const result of await results) expect(result).toMatchObject({ reason: { message: 'cancelled' } });
    expect(sent).toEqual(['SELECT 1']);
    expect(await send('ROLLBACK')).toBe('result of ROLLBACK');
  });
});

describe('a transaction that has begun', () => {
  it('sends everything at once', async () => {
    succeed();
    await new Promise(setImmediate);
    void send(UPDATE);
    void send('SELECT 1');
    expect(sent).toEqual([UPDATE, 'SELECT 1']);
  });
});
