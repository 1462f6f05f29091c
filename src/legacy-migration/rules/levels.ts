import {
  type AgentState,
  COUNT,
  custodyLevelForXp,
  DIFFICULTIES,
  difficultyForCustodyLevel,
  LEVEL,
  raisedLevel,
  WORD_MAX_LENGTH,
} from '../../progression/index.js';
import { parseNumber } from './legacy-number.js';
import type { RowReader } from './row-reader.js';

/** XP and level. The level is at least that of the XP. */
export function toLevel(reader: RowReader): Pick<AgentState, 'xp' | 'level'> {
  const xp = reader.number('xp', 0, COUNT);
  const found = reader.number('level', LEVEL.least, LEVEL);
  const level = raisedLevel(found, xp);
  if (level !== found) reader.repair('level', level, 'below_xp');
  return { xp, level };
}

/** Custody XP, custody level and difficulty. A missing value is computed from the previous one. */
export function toCustody(reader: RowReader): Pick<AgentState, 'custody_xp' | 'custody_level' | 'current_difficulty'> {
  const custody_xp = reader.number('custody_xp', 0, COUNT);
  const custody_level = toCustodyLevel(reader, custody_xp);
  return { custody_xp, custody_level, current_difficulty: toDifficulty(reader, custody_level) };
}

function toCustodyLevel(reader: RowReader, custodyXp: number): number {
  const found = parseNumber(reader.text('custody_level') ?? '');
  if (found !== null && found >= LEVEL.least) return reader.number('custody_level', LEVEL.least, LEVEL);
  const reached = custodyLevelForXp(custodyXp);
  if (reader.isColumn('custody_level')) reader.repair('custody_level', reached, 'from_custody_xp');
  return reached;
}

function toDifficulty(reader: RowReader, custodyLevel: number): string {
  const found = reader.text('current_difficulty') ?? '';
  const normalized = found.trim().toLowerCase();
  if (normalized === '') {
    const difficulty = difficultyForCustodyLevel(custodyLevel);
    if (reader.isColumn('current_difficulty')) reader.repair('current_difficulty', difficulty, 'from_custody_level');
    return difficulty;
  }
  if (normalized !== found && (DIFFICULTIES as readonly string[]).includes(normalized)) {
    reader.repair('current_difficulty', normalized, 'spelling');
    return normalized;
  }
  return reader.word('current_difficulty', difficultyForCustodyLevel(custodyLevel), WORD_MAX_LENGTH);
}
