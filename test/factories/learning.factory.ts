export interface LearningBody {
  learning_score: number;
  learning_cycles: number;
  xp_awarded: number;
  success_rate: number;
  failure_rate: number;
  learning_patterns: unknown[];
  improvement_suggestions: unknown[];
}

/** A learning update with every field. */
export function createLearning(overrides: Partial<LearningBody> = {}): LearningBody {
  return {
    learning_score: 412.5,
    learning_cycles: 3,
    xp_awarded: 50,
    success_rate: 0.9,
    failure_rate: 0.1,
    learning_patterns: ['retries hide races'],
    improvement_suggestions: ['write the failing test first'],
    ...overrides,
  };
}
