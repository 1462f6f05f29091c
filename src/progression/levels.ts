/** Minimum XP of each level; index 0 is level 1. The last entry is the maximum level. */
export const LEVEL_THRESHOLDS = [
  0, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
] as const;

/** Custody level n begins at CUSTODY_LEVEL_STEP · n · (n − 1) custody XP; there is no maximum. */
export const CUSTODY_LEVEL_STEP = 50;

/** Difficulties, ascending. Each spans CUSTODY_LEVELS_PER_DIFFICULTY custody levels; the last has no upper limit. */
export const DIFFICULTIES = ['basic', 'intermediate', 'advanced', 'expert', 'master', 'legendary'] as const;
export const CUSTODY_LEVELS_PER_DIFFICULTY = 10;

/** Difficulty of a custody test. */
export type Difficulty = (typeof DIFFICULTIES)[number];

/** Whether this is the name of a difficulty. */
export function isDifficulty(name: string): name is Difficulty {
  return (DIFFICULTIES as readonly string[]).includes(name);
}

/** Level (1–10) for an amount of XP. */
export function levelForXp(xp: number): number {
  return Math.max(1, LEVEL_THRESHOLDS.filter((threshold) => threshold <= xp).length);
}

/** Minimum custody XP of a custody level (≥ 1). */
export function custodyXpForLevel(level: number): number {
  return CUSTODY_LEVEL_STEP * level * (level - 1);
}

/** Custody level (≥ 1) for an amount of custody XP. */
export function custodyLevelForXp(custodyXp: number): number {
  // The positive root of custodyXpForLevel(level) = custodyXp; exact, because the discriminant is a perfect square at every threshold.
  return Math.max(1, Math.floor((1 + Math.sqrt(1 + (4 * custodyXp) / CUSTODY_LEVEL_STEP)) / 2));
}

/** Minimum custody level (≥ 1) of a difficulty. */
export function custodyLevelForDifficulty(difficulty: Difficulty): number {
  return Math.max(1, DIFFICULTIES.indexOf(difficulty) * CUSTODY_LEVELS_PER_DIFFICULTY);
}

/** Test difficulty for a custody level: 1–9 basic, 10–19 intermediate, …, ≥ 50 legendary. */
export function difficultyForCustodyLevel(custodyLevel: number): Difficulty {
  const index = Math.min(Math.floor(custodyLevel / CUSTODY_LEVELS_PER_DIFFICULTY), DIFFICULTIES.length - 1);
  return DIFFICULTIES[index] ?? 'basic';
}

/** Level after a change of XP; never lower than the current level. */
export function raisedLevel(level: number, xp: number): number {
  return Math.max(level, levelForXp(xp));
}

/** Difficulty for a custody level; unchanged if the custody level is unchanged. */
export function followingDifficulty(
  state: { custody_level: number; current_difficulty: string },
  custodyLevel: number,
): string {
  return custodyLevel === state.custody_level ? state.current_difficulty : difficultyForCustodyLevel(custodyLevel);
}
