import {
  type AgentState,
  type Category,
  type Difficulty,
  difficultyForCustodyLevel,
  isDifficulty,
} from '../../progression/index.js';
import { focusOf, TIME_LIMITS } from '../rules/test-categories.js';

/** A test that an evaluator is asked to administer. Names are those of the request's fields. */
export interface TestAssignment {
  /** UUID of the test, which no other test has. */
  test_id: string;
  agent_type: string;
  category: Category;
  difficulty: Difficulty;
  /** Seconds that the agent may take. */
  time_limit: number;
  /** Whether the test was asked for whatever the schedule says. */
  forced: boolean;
}

/** What an assignment goes by. */
type AssignedAgent = Pick<AgentState, 'agent_type' | 'total_tests_given' | 'current_difficulty' | 'custody_level'>;

/** How a test was asked for. */
export interface TestRequest {
  /** One of the agent's focus, in turn, when left out. */
  category?: Category | undefined;
  forced: boolean;
}

/** The next test of an agent: at its difficulty, in the category that is asked for or else in those of its focus by turns. */
export function assignmentFor(agent: AssignedAgent, { category, forced }: TestRequest, testId: string): TestAssignment {
  const { agent_type, current_difficulty, custody_level } = agent;
  // Only a row that was edited by hand has a difficulty that is none.
  const difficulty = isDifficulty(current_difficulty) ? current_difficulty : difficultyForCustodyLevel(custody_level);
  return {
    test_id: testId,
    agent_type,
    category: category ?? nextInFocus(agent),
    difficulty,
    time_limit: TIME_LIMITS[difficulty],
    forced,
  };
}

function nextInFocus({ agent_type, total_tests_given }: AssignedAgent): Category {
  const focus = focusOf(agent_type);
  const category = focus[total_tests_given % focus.length];
  if (category === undefined) throw new Error('an agent without focus');
  return category;
}
