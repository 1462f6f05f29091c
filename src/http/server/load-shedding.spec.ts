import { describe, expect, it } from '@jest/globals';
import { isShed } from './load-shedding.js';

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
