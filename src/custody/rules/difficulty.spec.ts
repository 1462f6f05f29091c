import { describe, expect, it } from '@jest/globals';
import { createAgentState } from '../../../test/factories/agent-state.factory.js';
import { difficultyForCustodyLevel } from '../../progression/levels.js';
import { toDifficultyStanding } from './difficulty.js';

const at = (
  custody_level: number,
  custody_xp: number,
  current_difficulty: string = difficultyForCustodyLevel(custody_level),
) => toDifficultyStanding(createAgentState({ custody_level, custody_xp, current_difficulty }));

describe('toDifficultyStanding', () => {
  it('returns the current difficulty, custody level and custody XP', () => {
    expect(at(3, 350)).toMatchObject({ current_difficulty: 'basic', custody_level: 3, custody_xp: 350 });
  });

  it.each([
    [1, 0, 'intermediate', 10, 4_500, 4_500],
    [9, 4_499, 'intermediate', 10, 4_500, 1],
    [10, 4_500, 'advanced', 20, 19_000, 14_500],
    [19, 18_999, 'advanced', 20, 19_000, 1],
    [20, 19_000, 'expert', 30, 43_500, 24_500],
    [30, 43_500, 'master', 40, 78_000, 34_500],
    [40, 78_000, 'legendary', 50, 122_500, 44_500],
    [49, 122_499, 'legendary', 50, 122_500, 1],
  ])('at custody level %i with %i XP: %s starts at level %i with %i XP, %i more', (level, xp, ...next) => {
    const [difficulty, custody_level, custody_xp, custody_xp_needed] = next;
    expect(at(level, xp).next).toEqual({ difficulty, custody_level, custody_xp, custody_xp_needed });
  });

  it.each([
    [50, 122_500],
    [6_554, 2_147_483_647],
  ])('at custody level %i there is no next difficulty', (level, xp) => {
    expect(at(level, xp)).toMatchObject({ current_difficulty: 'legendary', next: null });
  });

  it('returns the missing XP if a PUT has set a custody level above that of the XP', () => {
    expect(at(25, 10).next).toEqual({
      difficulty: 'expert',
      custody_level: 30,
      custody_xp: 43_500,
      custody_xp_needed: 43_490,
    });
  });

  it('requires no XP if a PUT has set a custody level below that of the XP', () => {
    expect(at(1, 5_000).next).toMatchObject({ difficulty: 'intermediate', custody_xp: 4_500, custody_xp_needed: 0 });
  });

  it.each([
    ['easier than the custody level', 25, 'basic', 'advanced', 26],
    ['harder than the custody level', 1, 'master', 'legendary', 50],
    ['unknown', 5, 'nightmare', 'basic', 6],
  ])('supports a difficulty set by a PUT: %s', (_case, level, current, difficulty, custody_level) => {
    expect(at(level, 0, current).next).toMatchObject({ difficulty, custody_level });
  });
});
