import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { fastify } from 'fastify';
import { isShed, shedLoad } from './load-shedding.js';

const MAX_MS = 1_000;

describe('isShed', () => {
  it.each([
    { eventLoopDelayMs: 0, queueShare: 0, refused: [] },
    { eventLoopDelayMs: 1_000, queueShare: 0.49, refused: [] },
    { eventLoopDelayMs: 1_001, queueShare: 0, refused: ['read'] },
    { eventLoopDelayMs: 0, queueShare: 0.5, refused: ['read'] },
    { eventLoopDelayMs: 0, queueShare: 1, refused: ['read'] },
    { eventLoopDelayMs: 2_000, queueShare: 1, refused: ['read'] },
    { eventLoopDelayMs: 2_001, queueShare: 0, refused: ['read', 'write'] },
    { eventLoopDelayMs: 60_000, queueShare: 1, refused: ['read', 'write'] },
  ])('$eventLoopDelayMs ms late, queue $queueShare full: refuses $refused', ({ refused, ...load }) => {
    const kinds = (['operations', 'assets', 'read', 'write'] as const).filter((kind) => isShed(kind, load, MAX_MS));
    expect(kinds).toEqual(refused);
  });
});

describe('the event loop delay', () => {
  const server = fastify();
  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  it('is ignored for two seconds after the start', async () => {
    await shedLoad(server, MAX_MS, () => 0);
    server.get('/', () => 'served');
    const clock = jest.spyOn(performance, 'now').mockReturnValue(60_000);
    await server.listen({ port: 0 });
    jest.spyOn(server, 'memoryUsage').mockReturnValue({
      ...server.memoryUsage(),
      eventLoopDelay: 5_000,
    });
    const refused = [];
    for (const ms of [60_000, 61_999, 62_000]) {
      clock.mockReturnValue(ms);
      refused.push((await server.inject('/')).body.includes('overloaded'));
    }
    expect(refused).toEqual([false, false, true]);
  });
});
