import {
  CUSTODY_LEVEL_STEP,
  CUSTODY_LEVELS_PER_DIFFICULTY,
  DIFFICULTIES,
  LEVEL_THRESHOLDS,
} from '../../../src/progression/levels.js';

/** SQL of what `src/progression/levels.ts` says, of SQL that stands for its arguments. */

export function levelForXp(xp: string): string {
  return `width_bucket(${xp}, ARRAY[${LEVEL_THRESHOLDS.join(', ')}])`;
}

export function custodyLevelForXp(custodyXp: string): string {
  return `floor((1 + sqrt(1 + 4 * (${custodyXp}) / ${CUSTODY_LEVEL_STEP}::float8)) / 2)::integer`;
}

export function custodyXpForLevel(level: string): string {
  return `${CUSTODY_LEVEL_STEP} * ${level} * (${level} - 1)`;
}

export function difficultyForCustodyLevel(custodyLevel: string): string {
  const difficulties = DIFFICULTIES.map((difficulty) => `'${difficulty}'`).join(', ');
  const index = `least(${custodyLevel} / ${CUSTODY_LEVELS_PER_DIFFICULTY}, ${DIFFICULTIES.length - 1})`;
  return `(ARRAY[${difficulties}])[1 + ${index}]`;
}
