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
import { numberIn } from './legacy-number.js';
import type { RowReader } from './row-reader.js';

/** XP and level; the level is at least what the XP reach. */
export function levelOf(reader: RowReader): Pick<AgentState, 'xp' | 'level'> {
  const xp = reader.number('xp', 0, COUNT);
  const found = reader.number('level', LEVEL.least, LEVEL);
  const level = raisedLevel(found, xp);
  if (level !== found) reader.repair('level', level, 'below_xp');
  return { xp, level };
}

/** Custody XP, custody level and difficulty; each follows from the one before where it is missing. */
export function custodyOf(reader: RowReader): Pick<AgentState, 'custody_xp' | 'custody_level' | 'current_difficulty'> {
  const custody_xp = reader.number('custody_xp', 0, COUNT);
  const custody_level = custodyLevelOf(reader, custody_xp);
  return { custody_xp, custody_level, current_difficulty: difficultyOf(reader, custody_level) };
}

function custodyLevelOf(reader: RowReader, custodyXp: number): number {
  const found = numberIn(reader.text('custody_level') ?? '');
  if (found !== null && found >= LEVEL.least) return reader.number('custody_level', LEVEL.least, LEVEL);
  const reached = custodyLevelForXp(custodyXp);
  if (reader.isColumn('custody_level')) reader.repair('custody_level', reached, 'from_custody_xp');
  return reached;
}

function difficultyOf(reader: RowReader, custodyLevel: number): string {
  const found = reader.text('current_difficulty') ?? '';
  const spelt = found.trim().toLowerCase();
  if (spelt === '') {
    const difficulty = difficultyForCustodyLevel(custodyLevel);
    if (reader.isColumn('current_difficulty')) reader.repair('current_difficulty', difficulty, 'from_custody_level');
    return difficulty;
  }
  if (spelt !== found && (DIFFICULTIES as readonly string[]).includes(spelt)) {
    reader.repair('current_difficulty', spelt, 'spelling');
    return spelt;
  }
  return reader.word('current_difficulty', difficultyForCustodyLevel(custodyLevel), WORD_MAX_LENGTH);
}
