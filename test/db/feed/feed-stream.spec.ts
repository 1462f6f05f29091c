import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EndReason, streamFeed } from '../../../src/feed/api/feed-stream.js';
import { feedOf } from '../../support/feed.js';
import { startTestService, type TestService } from '../../support/test-service.js';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  const items = Array.from({ length: 500 }, (_, index) => ({
    id: `${index}`,
    agent_type: 'a',
    passed: true,
    score: 80,
    duration: 1,
    ai_response: 'x'.repeat(1_000),
  }));
  const outcomes = await test.service.recordResults(items);
  expect(outcomes.filter(({ status }) => status !== 'recorded')).toEqual([]);
});
afterAll(() => test.close());

const start = async (options: { slowMs?: number; isAllowed?: () => Promise<boolean>; after?: number } = {}) => {
  const { slowMs = 10_000, isAllowed = () => Promise.resolve(true), after = 0 } = options;
  const reader = await feedOf(test).open({ after });
  const remarks = { sent: 0, reason: 'disconnected' as EndReason };
  return { reader, remarks, stream: streamFeed(reader, { heartbeatMs: 50, slowMs, isAllowed, remarks }) };
};

const waitUntil = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(10);
};

describe('the stream of a feed', () => {
  it('tells a client that reads nothing, and closes its reader', async () => {
    const { reader, remarks } = await start({ slowMs: 100 });
    await waitUntil(() => remarks.reason === 'too_slow');
    expect([reader.isClosed, remarks.reason]).toEqual([true, 'too_slow']);
    expect(remarks.sent).toBeLessThan(500);
  });

  it('ends with the event too_slow if the client reads again', async () => {
    const { stream, remarks } = await start({ slowMs: 1_000 });
    await waitUntil(() => remarks.reason === 'too_slow');
    const messages = (await text(stream)).split('\n\n');
    expect(messages.at(-2)).toMatch(/^event: too_slow\ndata: {"detail":"The events were not read in time\./);
    const ids = messages
      .filter((message) => message.startsWith('id: '))
      .map((message) => Number(/\d+/.exec(message)?.[0]));
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1));
    expect(remarks.reason).toBe('too_slow');
  });

  it('discards what is not read in time', async () => {
    const { stream } = await start({ slowMs: 50 });
    await waitUntil(() => stream.destroyed);
    expect(stream.destroyed).toBe(true);
  });

  it('ends when access ends, when the feed closes, and when the client disconnects', async () => {
    const refused = await start({ isAllowed: () => Promise.resolve(false), after: 500 });
    await text(refused.stream);
    expect(refused.remarks.reason).toBe('access_ended');
    const gone = await start({ after: 500 });
    gone.stream.destroy();
    await waitUntil(() => gone.reader.isClosed);
    await sleep(20);
    expect([gone.reader.isClosed, gone.remarks.reason]).toEqual([true, 'disconnected']);
    const closed = await start({ after: 500 });
    const reading = text(closed.stream);
    await sleep(120);
    await feedOf(test).closeReaders();
    expect(await reading).toMatch(/^retry: 2000\nid: 500\n\n[^]*: heartbeat\nid: 505\n\n$/);
    expect(closed.remarks.reason).toBe('shutdown');
    await expect(feedOf(test).open()).rejects.toThrow('shutting down');
  });
});
