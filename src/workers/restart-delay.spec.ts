import { expect, it } from '@jest/globals';
import { RestartDelay } from './restart-delay.js';

it('replaces a worker at once, and later each time that it ends early, up to 30 s', () => {
  const delay = new RestartDelay();
  const delays = Array.from({ length: 8 }, () => delay.next(0));
  expect(delays).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(delay.next(59_999)).toBe(30_000);
  expect(delay.next(60_000)).toBe(0);
  expect(delay.next(10)).toBe(1_000);
});
