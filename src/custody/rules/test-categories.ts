import { CATEGORIES, type KnownCategory, DIFFICULTIES, type Difficulty } from '../../progression/index.js';

/** Categories that an agent is mainly tested in, most important first. */
const FOCUS: Readonly<Record<string, readonly KnownCategory[]>> = {
  imperium: ['knowledge_verification', 'cross_ai_collaboration', 'self_improvement'],
  guardian: ['security_awareness', 'code_quality', 'performance_optimization'],
  sandbox: ['innovation_capability', 'experimental_validation', 'code_quality'],
  conquest: ['performance_optimization', 'code_quality', 'innovation_capability'],
};
/** Focus of all other agents. */
const DEFAULT_FOCUS: readonly KnownCategory[] = ['knowledge_verification'];

interface CategoryRule {
  description: string;
  /** Range of difficulties for which the category is intended. */
  difficulties: readonly [from: Difficulty, to: Difficulty];
}

const RULES: Readonly<Record<KnownCategory, CategoryRule>> = {
  knowledge_verification: {
    description: 'Whether the agent knows the subjects it has learned.',
    difficulties: ['basic', 'intermediate'],
  },
  code_quality: {
    description: "Whether the agent's code is correct, clear and maintainable.",
    difficulties: ['intermediate', 'advanced'],
  },
  security_awareness: {
    description: 'Whether the agent detects vulnerabilities and avoids introducing them.',
    difficulties: ['intermediate', 'expert'],
  },
  performance_optimization: {
    description: 'Whether the agent finds and fixes performance problems.',
    difficulties: ['advanced', 'expert'],
  },
  innovation_capability: {
    description: 'Whether the agent finds new solutions.',
    difficulties: ['advanced', 'master'],
  },
  self_improvement: {
    description: 'Whether the agent learns from its mistakes.',
    difficulties: ['expert', 'legendary'],
  },
  cross_ai_collaboration: {
    description: 'Whether the agent works well with other agents.',
    difficulties: ['expert', 'legendary'],
  },
  experimental_validation: {
    description: "Whether the agent's experiments support its conclusions.",
    difficulties: ['advanced', 'master'],
  },
};

/** Time limit of each difficulty, in seconds. */
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
  category: KnownCategory;
  description: string;
  /** Difficulties for which the category is intended, easiest first. */
  difficulty_focus: Difficulty[];
  /** Agents whose focus includes the category. */
  focus_of: string[];
  /** Whether the category is in the default focus of all other agents. */
  focus_of_others: boolean;
}

export function listTestCategories(): TestCategory[] {
  return CATEGORIES.map((category) => ({
    category,
    description: RULES[category].description,
    difficulty_focus: listDifficulties(...RULES[category].difficulties),
    focus_of: Object.keys(FOCUS).filter((agentType) => FOCUS[agentType]?.includes(category)),
    focus_of_others: DEFAULT_FOCUS.includes(category),
  }));
}

/** Categories that the agent is mainly tested in, most important first. */
export function getFocus(agentType: string): readonly KnownCategory[] {
  return (Object.hasOwn(FOCUS, agentType) ? FOCUS[agentType] : undefined) ?? DEFAULT_FOCUS;
}

function listDifficulties(from: Difficulty, to: Difficulty): Difficulty[] {
  return DIFFICULTIES.slice(DIFFICULTIES.indexOf(from), DIFFICULTIES.indexOf(to) + 1);
}
