import { type AgentState, type Difficulty, difficultyForCustodyLevel, isDifficulty } from '../../progression/index.js';
import { getFocus, TIME_LIMITS } from '../rules/test-categories.js';

/** Request to an evaluator to administer a test. The properties are the fields of the request body. */
export interface TestAssignment {
  /** UUID of the test. */
  test_id: string;
  agent_type: string;
  category: string;
  difficulty: Difficulty;
  /** Time limit in seconds. */
  time_limit: number;
  /** Whether the test was requested regardless of the schedule. */
  forced: boolean;
}

type TestedAgent = Pick<AgentState, 'agent_type' | 'total_tests_given' | 'current_difficulty' | 'custody_level'>;

/** Request for a test. */
export interface TestRequest {
  /** Default: the categories of the agent's focus, in rotation. */
  category?: string | undefined;
  forced: boolean;
}

/** Creates the next test of an agent, at the agent's difficulty. */
export function createAssignment(
  agent: TestedAgent,
  { category, forced }: TestRequest,
  testId: string,
): TestAssignment {
  const { agent_type, current_difficulty, custody_level } = agent;
  // Only a manually edited row has an unknown difficulty.
  const difficulty = isDifficulty(current_difficulty) ? current_difficulty : difficultyForCustodyLevel(custody_level);
  return {
    test_id: testId,
    agent_type,
    category: category ?? selectCategory(agent),
    difficulty,
    time_limit: TIME_LIMITS[difficulty],
    forced,
  };
}

function selectCategory({ agent_type, total_tests_given }: TestedAgent): string {
  const focus = getFocus(agent_type);
  const category = focus[total_tests_given % focus.length];
  if (category === undefined) throw new Error(`agent ${agent_type} has no focus`);
  return category;
}
