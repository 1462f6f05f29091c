import { describe, expect, it } from '@jest/globals';
import { wilsonInterval } from './wilson.js';

describe('the interval of a pass rate', () => {
  it('is that of the service', () => {
    const { low, high } = wilsonInterval(3, 3) ?? {};
    expect(low).toBeCloseTo(0.43850296824495455, 12);
    expect(high).toBeCloseTo(1, 12);
  });

  it('contains the rate and is within 0 and 1', () => {
    for (let tests = 1; tests <= 40; tests += 1) {
      for (let passed = 0; passed <= tests; passed += 1) {
        const { low, high } = wilsonInterval(passed, tests) ?? { low: NaN, high: NaN };
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(passed / tests + 1e-12);
        expect(high).toBeGreaterThanOrEqual(passed / tests - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }
    }
  });

  it('does not exist without tests', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});
