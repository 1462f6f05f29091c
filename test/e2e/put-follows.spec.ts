import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { metricsOf, rowOf, sent } from './support/read.js';

const TESTED = { total_tests_given: 20, total_tests_passed: 10, total_tests_failed: 10 };

interface Case {
  rule: string;
  before?: object;
  put: object;
  after: object;
}

/** Level begins at XP, from the domain rules. */
const LEVELS = [
  [1, 0],
  [2, 1_000],
  [3, 5_000],
  [4, 10_000],
  [5, 25_000],
  [6, 50_000],
  [7, 100_000],
  [8, 250_000],
  [9, 500_000],
  [10, 1_000_000],
] as const;

/** Custody level begins at custody XP, with the difficulty it has. */
const CUSTODY_LEVELS = [
  [1, 0, 'basic'],
  [2, 100, 'basic'],
  [3, 300, 'basic'],
  [9, 3_600, 'basic'],
  [10, 4_500, 'intermediate'],
  [20, 19_000, 'advanced'],
  [30, 43_500, 'expert'],
  [40, 78_000, 'master'],
  [50, 122_500, 'legendary'],
  [100, 495_000, 'legendary'],
] as const;

const CASES: Case[] = [
  { rule: 'level never lowered by less XP', before: { xp: 5_000 }, put: { xp: 10 }, after: { xp: 10, level: 3 } },
  { rule: 'level kept when set higher before', before: { level: 8 }, put: { xp: 5_000 }, after: { level: 8 } },
  { rule: 'level as named, though XP say more', put: { xp: 5_000, level: 1 }, after: { xp: 5_000, level: 1 } },
  {
    rule: 'custody level lowered with custody XP',
    before: { custody_xp: 350 },
    put: { custody_xp: 100 },
    after: { custody_level: 2 },
  },
  { rule: 'custody level as named', put: { custody_xp: 350, custody_level: 7 }, after: { custody_level: 7 } },
  {
    rule: 'difficulty from a custody level that is named',
    put: { custody_level: 35 },
    after: { current_difficulty: 'expert', custody_xp: 0 },
  },
  {
    rule: 'difficulty as named',
    put: { custody_level: 35, current_difficulty: 'basic' },
    after: { custody_level: 35, current_difficulty: 'basic' },
  },
  {
    rule: 'difficulty that was set, kept while the custody level stays',
    before: { current_difficulty: 'master' },
    put: { xp: 100, custody_xp: 50 },
    after: { custody_level: 1, current_difficulty: 'master' },
  },
  {
    rule: 'rates from the counters',
    put: { total_tests_given: 8, total_tests_passed: 6, total_tests_failed: 2 },
    after: { pass_rate: 0.75, failure_rate: 0.25 },
  },
  {
    rule: 'rates from the counters, those that were not named too',
    before: { total_tests_given: 8, total_tests_passed: 6, total_tests_failed: 2 },
    put: { total_tests_given: 10, total_tests_failed: 4 },
    after: { total_tests_passed: 6, pass_rate: 0.6, failure_rate: 0.4 },
  },
  {
    rule: 'rates of 0 without tests',
    before: { total_tests_given: 4, total_tests_passed: 3, total_tests_failed: 1 },
    put: { total_tests_given: 0, total_tests_passed: 0, total_tests_failed: 0 },
    after: { pass_rate: 0, failure_rate: 0 },
  },
  {
    rule: 'rates from the counters, which may be named as clients round them',
    put: { total_tests_given: 6, total_tests_passed: 4, total_tests_failed: 2, pass_rate: 0.67, failure_rate: 0.33 },
    after: { pass_rate: 4 / 6, failure_rate: 2 / 6 },
  },
  {
    rule: 'rates kept when no counter is named',
    before: { total_tests_given: 8, total_tests_passed: 6, total_tests_failed: 2 },
    put: { status: 'active' },
    after: { pass_rate: 0.75, failure_rate: 0.25 },
  },
  {
    rule: 'failure rate that is named before the first test, as learning would',
    put: { failure_rate: 0.125 },
    after: { pass_rate: 0, failure_rate: 0.125 },
  },
  {
    rule: 'streak cut to a counter that is lowered',
    before: { ...TESTED, consecutive_successes: 6 },
    put: { total_tests_given: 5, total_tests_passed: 3, total_tests_failed: 2 },
    after: { consecutive_successes: 3 },
  },
  {
    rule: 'success streak ended by a failure streak',
    before: { ...TESTED, consecutive_successes: 6 },
    put: { consecutive_failures: 2 },
    after: { consecutive_successes: 0, consecutive_failures: 2 },
  },
  {
    rule: 'failure streak ended by a success streak',
    before: { ...TESTED, consecutive_failures: 6 },
    put: { consecutive_successes: 1 },
    after: { consecutive_successes: 1, consecutive_failures: 0 },
  },
  {
    rule: 'success streak not ended by a failure streak of 0',
    before: { ...TESTED, consecutive_successes: 6 },
    put: { consecutive_failures: 0 },
    after: { consecutive_successes: 6, consecutive_failures: 0 },
  },
];

describe('the derived columns of a PUT', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(LEVELS.slice(1))('level %d at %d XP, and not at 1 XP less', async (level, xp) => {
    await sent(app, 'PUT', agentPath(`level-${level}`), { xp: xp - 1 });
    expect(await metricsOf(app, `level-${level}`)).toMatchObject({ level: level - 1 });
    await sent(app, 'PUT', agentPath(`level-${level}`), { xp });
    expect(await metricsOf(app, `level-${level}`)).toMatchObject({ level });
  });

  it('no level above 10', async () => {
    await sent(app, 'PUT', agentPath('highest'), { xp: 2_147_483_647 });
    expect(await metricsOf(app, 'highest')).toMatchObject({ level: 10 });
  });

  it.each(CUSTODY_LEVELS.slice(1))(
    'custody level %d at %d custody XP (%s), and not at 1 XP less',
    async (custody_level, custody_xp, current_difficulty) => {
      const agentType = `custody-${custody_level}`;
      await sent(app, 'PUT', agentPath(agentType), { custody_xp: custody_xp - 1 });
      expect(await metricsOf(app, agentType)).toMatchObject({ custody_level: custody_level - 1 });
      await sent(app, 'PUT', agentPath(agentType), { custody_xp });
      expect(await metricsOf(app, agentType)).toMatchObject({ custody_level, current_difficulty });
    },
  );

  it.each(CASES.map((each, index) => ({ ...each, agentType: `case-${index}` })))(
    '$rule',
    async ({ agentType, before = {}, put, after }) => {
      await sent(app, 'PUT', agentPath(agentType), before);
      await sent(app, 'PUT', agentPath(agentType), put);
      expect(await metricsOf(app, agentType)).toMatchObject(after);
      expect(await rowOf(app, agentType)).toMatchObject(after);
    },
  );
});
