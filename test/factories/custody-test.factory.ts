export interface CustodyTestBody {
  passed: boolean;
  score: number;
  duration: number;
  timestamp?: string;
  xp_awarded?: number;
  category?: string;
  difficulty?: string;
}

/** The result of a custody test as a test runner reports it. */
export function createCustodyTest(overrides: Partial<CustodyTestBody> = {}): CustodyTestBody {
  return { passed: true, score: 95, duration: 120, ...overrides };
}

/** A failed one. */
export function createFailedCustodyTest(overrides: Partial<CustodyTestBody> = {}): CustodyTestBody {
  return createCustodyTest({ passed: false, score: 40, ...overrides });
}

/** One with every field that there is. */
export function createFullCustodyTest(overrides: Partial<CustodyTestBody> = {}): Required<CustodyTestBody> {
  return {
    passed: true,
    score: 95,
    duration: 120,
    timestamp: '2025-01-25T10:00:00Z',
    xp_awarded: 25,
    category: 'security_awareness',
    difficulty: 'intermediate',
    ...overrides,
  };
}
