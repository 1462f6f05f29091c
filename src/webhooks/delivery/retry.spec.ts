import { describe, expect, it } from '@jest/globals';
import { findRetryDelay } from './retry.js';

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
