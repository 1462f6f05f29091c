import {
  type AgentState,
  custodyLevelForDifficulty,
  custodyXpForLevel,
  DIFFICULTIES,
  type Difficulty,
  difficultyForCustodyLevel,
} from '../../progression/index.js';

/** The columns that determine the difficulty. */
export type GradedAgent = Pick<AgentState, 'current_difficulty' | 'custody_level' | 'custody_xp'>;

/** Current difficulty of an agent's tests, and the next one. */
export interface DifficultyStanding {
  current_difficulty: string;
  custody_level: number;
  custody_xp: number;
  /** null at the highest difficulty. */
  next: NextDifficulty | null;
}

/** Next difficulty of an agent's tests, and what the agent needs to reach it. */
export interface NextDifficulty {
  difficulty: Difficulty;
  /** Custody level at which this difficulty starts. */
  custody_level: number;
  /** Custody XP at which this custody level starts. */
  custody_xp: number;
  /** Custody XP that the agent still needs. */
  custody_xp_needed: number;
}

export function toDifficultyStanding(agent: GradedAgent): DifficultyStanding {
  const { current_difficulty, custody_level, custody_xp } = agent;
  return { current_difficulty, custody_level, custody_xp, next: findNextDifficulty(agent) };
}

/**
 * The difficulty changes with the custody level. A PUT can set a difficulty below that of the custody level; then the next
 * custody level raises it.
 */
function findNextDifficulty({ current_difficulty, custody_level, custody_xp }: GradedAgent): NextDifficulty | null {
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
