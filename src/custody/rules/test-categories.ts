import { CATEGORIES, type Category, DIFFICULTIES, type Difficulty } from '../../progression/index.js';

/** The categories that an agent is tested in above all. */
const FOCUS: Readonly<Record<string, readonly Category[]>> = {
  imperium: ['knowledge_verification', 'cross_ai_collaboration', 'self_improvement'],
  guardian: ['security_awareness', 'code_quality', 'performance_optimization'],
  sandbox: ['innovation_capability', 'experimental_validation', 'code_quality'],
  conquest: ['performance_optimization', 'code_quality', 'innovation_capability'],
};
/** Those of any other agent. */
const FOCUS_OF_OTHERS: readonly Category[] = ['knowledge_verification'];

interface CategoryRule {
  description: string;
  /** The easiest and the hardest difficulty that the category is meant for. */
  difficulties: readonly [from: Difficulty, to: Difficulty];
}

const RULES: Readonly<Record<Category, CategoryRule>> = {
  knowledge_verification: {
    description: 'Whether the agent knows the subjects that it has learned.',
    difficulties: ['basic', 'intermediate'],
  },
  code_quality: {
    description: 'Whether the code that it writes is correct, clear and maintainable.',
    difficulties: ['intermediate', 'advanced'],
  },
  security_awareness: {
    description: 'Whether it sees vulnerabilities, and writes none.',
    difficulties: ['intermediate', 'expert'],
  },
  performance_optimization: {
    description: 'Whether it finds what costs time or memory, and mends it.',
    difficulties: ['advanced', 'expert'],
  },
  innovation_capability: {
    description: 'Whether it finds solutions that nobody handed to it.',
    difficulties: ['advanced', 'master'],
  },
  self_improvement: {
    description: 'Whether it learns from its own mistakes.',
    difficulties: ['expert', 'legendary'],
  },
  cross_ai_collaboration: {
    description: 'Whether it works well with other agents.',
    difficulties: ['expert', 'legendary'],
  },
  experimental_validation: {
    description: 'Whether its experiments show what it says they show.',
    difficulties: ['advanced', 'master'],
  },
};

/** How long a test of each difficulty may take, in seconds. */
export const TIME_LIMITS: Readonly<Record<Difficulty, number>> = {
  basic: 300,
  intermediate: 600,
  advanced: 900,
  expert: 1_200,
  master: 1_800,
  legendary: 3_600,
};

/** A category of tests. */
export interface TestCategory {
  category: Category;
  description: string;
  /** The difficulties that it is meant for, easiest first. */
  difficulty_focus: Difficulty[];
  /** The agents that are tested in it above all, of those that have a focus of their own. */
  focus_of: string[];
  /** Whether agents without a focus of their own are tested in it above all. */
  focus_of_others: boolean;
}

export function testCategories(): TestCategory[] {
  return CATEGORIES.map((category) => ({
    category,
    description: RULES[category].description,
    difficulty_focus: difficultiesBetween(...RULES[category].difficulties),
    focus_of: Object.keys(FOCUS).filter((agentType) => FOCUS[agentType]?.includes(category)),
    focus_of_others: FOCUS_OF_OTHERS.includes(category),
  }));
}

/** The categories that the agent is tested in above all, the most important first. */
export function focusOf(agentType: string): readonly Category[] {
  return (Object.hasOwn(FOCUS, agentType) ? FOCUS[agentType] : undefined) ?? FOCUS_OF_OTHERS;
}

function difficultiesBetween(from: Difficulty, to: Difficulty): Difficulty[] {
  return DIFFICULTIES.slice(DIFFICULTIES.indexOf(from), DIFFICULTIES.indexOf(to) + 1);
}
