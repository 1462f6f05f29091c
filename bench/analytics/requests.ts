/**
 * Measured requests, in this order. `{agent}` is an agent from the middle, `{cursor}` opens the page after the upper half of
 * the ranking, `{begin}` and `{end}` are when the generated tests began and ended.
 */
export const REQUESTS = [
  'GET /api/agent-metrics?limit=10',
  'GET /api/agent-metrics/analytics/summary',
  'GET /api/agent-metrics/trends?bucket=hour',
  'GET /api/agent-metrics/trends?bucket=day',
  'GET /api/agent-metrics/trends?bucket=day&from={begin}&to={end}',
  'GET /api/agent-metrics/{agent}/trends?bucket=hour',
  'GET /api/agent-metrics/{agent}/trends?bucket=day',
  'GET /api/agent-metrics/{agent}/analytics',
  'GET /api/agent-metrics/leaderboard?limit=10',
  'GET /api/agent-metrics/leaderboard?limit=10&cursor={cursor}',
  'GET /api/agent-metrics/leaderboard?around={agent}',
  'GET /api/custody/analytics?limit=10',
  'GET /api/custody/agents?limit=10',
  'GET /api/custody/leaderboard?limit=10',
  // Last: it changes what the others read.
  'POST /api/agent-metrics/{agent}/custody-test',
] as const;
export type Request = (typeof REQUESTS)[number];

/** The body of every POST. So little XP that no number of them overflows an integer. */
export const RESULT = { passed: true, score: 95, duration: 120, category: 'code_quality', xp_awarded: 25 };
