import {
  type AgentState,
  custodyLevelForDifficulty,
  custodyXpForLevel,
  DIFFICULTIES,
  type Difficulty,
  difficultyForCustodyLevel,
} from '../../progression/index.js';

/** What an agent's difficulty follows from. */
export type GradedAgent = Pick<AgentState, 'current_difficulty' | 'custody_level' | 'custody_xp'>;

/** How hard an agent's tests are, and what the next harder ones take. */
export interface DifficultyStanding {
  current_difficulty: string;
  custody_level: number;
  custody_xp: number;
  /** null when there is no harder one. */
  next: NextDifficulty | null;
}

export interface NextDifficulty {
  difficulty: Difficulty;
  /** Custody level that brings it. */
  custody_level: number;
  /** Custody XP at which that custody level begins. */
  custody_xp: number;
  /** Custody XP that are still missing. */
  custody_xp_needed: number;
}

export function difficultyOf(agent: GradedAgent): DifficultyStanding {
  const { current_difficulty, custody_level, custody_xp } = agent;
  return { current_difficulty, custody_level, custody_xp, next: nextAfter(agent) };
}

/**
 * The difficulty changes when the custody level does. Where a PUT has set it by itself, it may be lower than what the
 * custody level would give, and then already the next custody level raises it.
 */
function nextAfter({ current_difficulty, custody_level, custody_xp }: GradedAgent): NextDifficulty | null {
  const harder = DIFFICULTIES[(DIFFICULTIES as readonly string[]).indexOf(current_difficulty) + 1];
  if (harder === undefined) return null;
  const level = Math.max(custody_level + 1, custodyLevelForDifficulty(harder));
  const xp = custodyXpForLevel(level);
  return {
    difficulty: difficultyForCustodyLevel(level),
    custody_level: level,
    custody_xp: xp,
    custody_xp_needed: Math.max(0, xp - custody_xp),
  };
}
