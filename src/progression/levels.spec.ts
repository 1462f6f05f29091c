import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  custodyLevelForDifficulty,
  custodyLevelForXp,
  custodyXpForLevel,
  DIFFICULTIES,
  difficultyForCustodyLevel,
  LEVEL_THRESHOLDS,
  levelForXp,
} from './levels.js';

const INTEGER_MAX = 2_147_483_647;
const xp = fc.integer({ min: 0, max: INTEGER_MAX });

describe('levelForXp', () => {
  it.each([
    [0, 1],
    [999, 1],
    [1_000, 2],
    [4_999, 2],
    [5_000, 3],
    [9_999, 3],
    [10_000, 4],
    [24_999, 4],
    [25_000, 5],
    [49_999, 5],
    [50_000, 6],
    [99_999, 6],
    [100_000, 7],
    [249_999, 7],
    [250_000, 8],
    [499_999, 8],
    [500_000, 9],
    [999_999, 9],
    [1_000_000, 10],
    [INTEGER_MAX, 10],
  ])('%i XP are level %i', (amount, level) => {
    expect(levelForXp(amount)).toBe(level);
  });

  it('never decreases as XP increases', () => {
    fc.assert(fc.property(xp, xp, (a, b) => levelForXp(Math.min(a, b)) <= levelForXp(Math.max(a, b))));
  });

  it('has one level for each threshold', () => {
    expect(LEVEL_THRESHOLDS.map(levelForXp)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('custodyLevelForXp', () => {
  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [299, 2],
    [300, 3],
    [600, 4],
    [1_000, 5],
    [1_500, 6],
    [2_100, 7],
    [2_800, 8],
    [3_600, 9],
    [4_499, 9],
    [4_500, 10],
  ])('%i custody XP are custody level %i', (amount, level) => {
    expect(custodyLevelForXp(amount)).toBe(level);
  });

  it('is exact at every threshold in the range of integer', () => {
    for (let level = 2; custodyXpForLevel(level) <= INTEGER_MAX; level++) {
      const border = custodyXpForLevel(level);
      if (custodyLevelForXp(border) !== level || custodyLevelForXp(border - 1) !== level - 1) {
        throw new Error(`custody level ${level} does not begin at ${border}`);
      }
    }
  });
});

describe('difficultyForCustodyLevel', () => {
  it.each([
    [1, 'basic'],
    [9, 'basic'],
    [10, 'intermediate'],
    [19, 'intermediate'],
    [20, 'advanced'],
    [29, 'advanced'],
    [30, 'expert'],
    [39, 'expert'],
    [40, 'master'],
    [49, 'master'],
    [50, 'legendary'],
    [6_554, 'legendary'],
  ])('custody level %i takes %s tests', (level, difficulty) => {
    expect(difficultyForCustodyLevel(level)).toBe(difficulty);
  });
});

describe('custodyLevelForDifficulty', () => {
  it('is the minimum custody level of the difficulty', () => {
    expect(DIFFICULTIES.map(custodyLevelForDifficulty)).toEqual([1, 10, 20, 30, 40, 50]);
  });
});
