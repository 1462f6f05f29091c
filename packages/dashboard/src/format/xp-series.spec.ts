import { describe, expect, it } from '@jest/globals';
import type { LedgerEvent } from '../api/types.js';
import { xpSeries } from './xp-series.js';

const event = (type: string, payload: object, minute: number): LedgerEvent =>
  ({
    type,
    payload,
    voided_by: null,
    occurred_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  }) as LedgerEvent;

describe('the series of XP', () => {
  it('is computed backwards from the present values', () => {
    const newestFirst = [
      event('adversarial_test', { xp_awarded: 40 }, 3),
      event('custody_test', { xp_awarded: 25 }, 2),
      event('custody_xp', { amount: 10 }, 1),
    ];
    expect(xpSeries(newestFirst, 140, 35).map(({ xp, custody_xp }) => [xp, custody_xp])).toEqual([
      [100, 10],
      [100, 35],
      [140, 35],
    ]);
  });

  it('ends at an event that set the XP', () => {
    const newestFirst = [
      event('learning', { xp_awarded: 5 }, 3),
      event('reset', {}, 2),
      event('learning', { xp_awarded: 500 }, 1),
    ];
    expect(xpSeries(newestFirst, 5, 0).map(({ xp }) => xp)).toEqual([0, 5]);
  });
});
