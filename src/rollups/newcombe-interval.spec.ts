import { describe, expect, it } from '@jest/globals';
import { computeDifference } from './newcombe-interval.js';

describe('computeDifference', () => {
  // Table II of Newcombe's paper, method 10.
  it.each([
    [56, 70, 48, 80, 0.2, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.6, 0.1705, 0.809],
    [6, 7, 2, 7, 0.5714, 0.0582, 0.8062],
    [5, 56, 0, 29, 0.0893, -0.0381, 0.1926],
    [0, 10, 0, 20, 0, -0.1611, 0.2775],
    [10, 10, 0, 10, 1, 0.6075, 1],
    [10, 10, 0, 20, 1, 0.6791, 1],
  ])('of %i / %i and %i / %i', (passed, tests, basePassed, baseTests, value, low, high) => {
    const difference = computeDifference({ passed, tests }, { passed: basePassed, tests: baseTests });
    expect(difference?.value).toBeCloseTo(value, 4);
    expect(difference?.low).toBeCloseTo(low, 4);
    expect(difference?.high).toBeCloseTo(high, 4);
  });

  it('is null without tests', () => {
    expect(computeDifference({ passed: 0, tests: 0 }, { passed: 1, tests: 2 })).toBeNull();
    expect(computeDifference({ passed: 1, tests: 2 }, { passed: 0, tests: 0 })).toBeNull();
  });
});
