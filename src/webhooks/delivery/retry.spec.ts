import { describe, expect, it } from '@jest/globals';
import { countFailures, findRetryDelay, NO_FAILURES } from './retry.js';

const DELAYS = [1_000, 5_000];

describe('findRetryDelay', () => {
  it.each([
    [1, null, 0, 1_000],
    [2, null, 0, 5_000],
    [2, null, 1, 5_500],
    [3, null, 0, null],
    [1, 3_000, 0, 3_000],
    [2, 3_000, 0, 5_000],
    [1, 7 * 86_400_000, 0, 86_400_000],
  ])('after %i failures, with Retry-After %p and random %p: %p', (failures, retryAfter, random, delay) => {
    expect(findRetryDelay(failures, DELAYS, retryAfter, random)).toBe(delay);
  });
});

describe('countFailures', () => {
  const outcome = (id: string, status_code: number | null) => ({
    message: { id } as never,
    attempt: { delivered: status_code === 204, status_code, error: '', duration_ms: 1, retryAfterMs: null },
  });

  it.each([
    [
      'begins with the first that failed',
      NO_FAILURES,
      [outcome('a', 204), outcome('b', 500), outcome('c', 400)],
      1,
      'b',
    ],
    ['counts attempts of that message', { failures: 3, failingMessage: 'b' }, [outcome('b', 500)], 4, 'b'],
    ['counts an unavailable receiver', { failures: 3, failingMessage: 'b' }, [outcome('a', null)], 4, 'b'],
    ['does not count other refused messages', { failures: 3, failingMessage: 'b' }, [outcome('a', 400)], 3, 'b'],
    ['is not ended by others', { failures: 3, failingMessage: 'b' }, [outcome('a', 204)], 3, 'b'],
    ['ends when it is delivered', { failures: 3, failingMessage: 'b' }, [outcome('b', 204)], 0, null],
    ['begins again after it', { failures: 3, failingMessage: 'b' }, [outcome('b', 204), outcome('c', 503)], 1, 'c'],
    ['is unchanged without an attempt', { failures: 3, failingMessage: 'b' }, [], 3, 'b'],
  ])('%s', (_, known, outcomes, failures, failingMessage) => {
    expect(countFailures(known, outcomes)).toEqual({ failures, failingMessage });
  });
});
