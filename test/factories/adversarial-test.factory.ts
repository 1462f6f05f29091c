export interface AdversarialTestBody {
  score: number;
  is_winner: boolean;
  xp_awarded?: number;
  timestamp?: string;
  scenario_domain?: string;
  scenario_complexity?: string;
  winner_reasoning?: string;
}

/** The result of an adversarial test, passed and won. */
export function createAdversarialTest(overrides: Partial<AdversarialTestBody> = {}): AdversarialTestBody {
  return { score: 88, is_winner: true, ...overrides };
}

/** One with every field that there is. */
export function createFullAdversarialTest(overrides: Partial<AdversarialTestBody> = {}): Required<AdversarialTestBody> {
  return {
    score: 88,
    is_winner: true,
    xp_awarded: 40,
    timestamp: '2025-01-25T10:00:00Z',
    scenario_domain: 'system_security',
    scenario_complexity: 'advanced',
    winner_reasoning: 'Found the injection before the opponent did.',
    ...overrides,
  };
}
