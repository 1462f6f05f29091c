/** A version of an agent. */
export interface Release {
  version: string;
  model: string;
  /** Days before now. */
  sinceDays: number;
  /** Probability of passing a test of basic difficulty, at the release and now. */
  skill: readonly [number, number];
}

/** How an agent behaves. */
export interface DemoAgent {
  agentType: string;
  testsPerDay: number;
  categories: readonly string[];
  /** Oldest first. */
  releases: readonly Release[];
  /** Days before now of its last test; default: it is still tested. */
  untilDays?: number;
  /** Probability that the harness fails. */
  errored?: number;
  /** Days on which it works alternate with days on which it does not. */
  flaky?: true;
  learningScore: number;
}

const REASONING = ['reasoning', 'knowledge_verification'];
const CODE = ['code_quality', 'performance_optimization', 'security_awareness'];

/** Agents of different temperaments. */
export const DEMO_AGENTS: readonly DemoAgent[] = [
  {
    agentType: 'guardian',
    testsPerDay: 9,
    categories: ['security_awareness', 'code_quality', 'performance_optimization'],
    releases: [{ version: '3.2', model: 'large', sinceDays: 30, skill: [0.93, 0.95] }],
    learningScore: 812,
  },
  {
    agentType: 'imperium',
    testsPerDay: 8,
    categories: ['knowledge_verification', 'cross_ai_collaboration', 'self_improvement'],
    releases: [{ version: '1.4', model: 'medium', sinceDays: 30, skill: [0.42, 0.93] }],
    learningScore: 745,
  },
  {
    agentType: 'sandbox',
    testsPerDay: 7,
    categories: ['innovation_capability', 'experimental_validation', 'code_quality'],
    releases: [{ version: '0.9', model: 'small', sinceDays: 30, skill: [0.85, 0.85] }],
    flaky: true,
    learningScore: 390,
  },
  {
    agentType: 'conquest',
    testsPerDay: 8,
    categories: ['user_experience', 'performance_optimization', 'innovation_capability'],
    releases: [{ version: '2.7', model: 'medium', sinceDays: 30, skill: [0.92, 0.4] }],
    learningScore: 455,
  },
  {
    agentType: 'atlas/reviewer',
    testsPerDay: 10,
    categories: CODE,
    releases: [
      { version: '1.8', model: 'medium', sinceDays: 30, skill: [0.66, 0.66] },
      { version: '2.0', model: 'large', sinceDays: 9, skill: [0.9, 0.93] },
    ],
    learningScore: 688,
  },
  {
    agentType: 'atlas/planner',
    testsPerDay: 6,
    categories: REASONING,
    releases: [
      { version: '1.1', model: 'medium', sinceDays: 30, skill: [0.84, 0.84] },
      { version: '1.2', model: 'medium', sinceDays: 12, skill: [0.58, 0.6] },
      { version: '1.3', model: 'large', sinceDays: 4, skill: [0.88, 0.9] },
    ],
    learningScore: 604,
  },
  {
    agentType: 'courier',
    testsPerDay: 7,
    categories: ['tool_use', 'user_experience'],
    releases: [
      { version: '5.0', model: 'small', sinceDays: 30, skill: [0.7, 0.72] },
      { version: '5.0', model: 'large', sinceDays: 14, skill: [0.8, 0.82] },
    ],
    learningScore: 540,
  },
  {
    agentType: 'sentinel',
    testsPerDay: 5,
    categories: ['security_awareness'],
    releases: [{ version: '7.1', model: 'large', sinceDays: 30, skill: [0.98, 0.995] }],
    learningScore: 901,
  },
  {
    agentType: 'tinker',
    testsPerDay: 6,
    categories: ['tool_use', 'code_quality'],
    releases: [{ version: '0.3', model: 'small', sinceDays: 22, skill: [0.6, 0.78] }],
    errored: 0.18,
    learningScore: 301,
  },
  {
    agentType: 'scribe',
    testsPerDay: 4,
    categories: ['knowledge_verification', 'user_experience'],
    releases: [{ version: '2.2', model: 'medium', sinceDays: 30, skill: [0.78, 0.8] }],
    learningScore: 488,
  },
  {
    agentType: 'archivist',
    testsPerDay: 6,
    categories: REASONING,
    releases: [{ version: '4.4', model: 'medium', sinceDays: 30, skill: [0.82, 0.74] }],
    untilDays: 11,
    learningScore: 512,
  },
  {
    agentType: 'scout',
    testsPerDay: 9,
    categories: ['tool_use', 'reasoning'],
    releases: [{ version: '0.1', model: 'small', sinceDays: 3, skill: [0.55, 0.7] }],
    learningScore: 96,
  },
];
