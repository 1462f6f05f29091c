import { custodyXpForLevel, LEVEL_THRESHOLDS } from '../../../../src/progression/index.js';

export interface Progress {
  /** 0–1. */
  ratio: number;
  /** Points until the next level; null at the maximum level. */
  missing: number | null;
}

/** Progress of the XP to the next level. The level of an agent can be above that of its XP. */
export function levelProgress(level: number, xp: number): Progress {
  const from = LEVEL_THRESHOLDS[level - 1] ?? 0;
  const to = LEVEL_THRESHOLDS[level];
  return to === undefined ? { ratio: 1, missing: null } : between(xp, from, to);
}

/** Progress of the custody XP to the next custody level. */
export function custodyProgress(level: number, xp: number): Progress {
  return between(xp, custodyXpForLevel(level), custodyXpForLevel(level + 1));
}

function between(xp: number, from: number, to: number): Progress {
  return { ratio: Math.min(1, Math.max(0, (xp - from) / (to - from))), missing: Math.max(0, to - xp) };
}
