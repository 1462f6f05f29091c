import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { sent } from './support/read.js';

const NOT_NEGATIVE = [
  'total_learning_cycles',
  'xp',
  'prestige',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'custody_xp',
  'adversarial_wins',
  'learning_score',
];
const RATES = ['success_rate', 'failure_rate', 'pass_rate'];

/** Each with the fields to blame. The agent has 10 tests given, 9 passed, 1 failed, and a success streak of 4. */
const CONTRADICTIONS: [rule: string, put: object, ...fields: string[]][] = [
  ['given is not passed + failed', { total_tests_given: 9 }, 'total_tests_given'],
  ['given is not passed + failed (passed set)', { total_tests_passed: 8 }, 'total_tests_given'],
  ['given is not passed + failed (failed set)', { total_tests_failed: 0 }, 'total_tests_given'],
  ['both streaks at once', { consecutive_successes: 1, consecutive_failures: 1 }, 'consecutive_failures'],
  ['a streak longer than the passes', { consecutive_successes: 10 }, 'consecutive_successes'],
  ['more wins than tests', { adversarial_wins: 11 }, 'adversarial_wins'],
  ['a pass rate that does not follow', { pass_rate: 0.5 }, 'pass_rate'],
  ['a failure rate that does not follow', { failure_rate: 0.2 }, 'failure_rate'],
  ['learning score above its range', { learning_score: 1_000_000_000.5 }, 'learning_score'],
  ['learning score of the largest double', { learning_score: Number.MAX_VALUE }, 'learning_score'],
  ['several at once', { level: 0, pass_rate: 2, xp: -1 }, 'level', 'pass_rate', 'xp'],
  ...NOT_NEGATIVE.map((field): [string, object, string] => [`${field} below 0`, { [field]: -1 }, field]),
  ...['level', 'custody_level'].flatMap((field): [string, object, string][] => [
    [`${field} of 0`, { [field]: 0 }, field],
    [`${field} below 0`, { [field]: -2_147_483_647 }, field],
  ]),
  ...RATES.flatMap((field): [string, object, string][] => [
    [`${field} below 0`, { [field]: -0.01 }, field],
    [`${field} above 1`, { [field]: 1.000001 }, field],
    [`${field} in percent`, { [field]: 95 }, field],
  ]),
];

describe('a contradiction is refused with field and reason', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await sent(app, 'PUT', agentPath('guardian'), {
      total_tests_given: 10,
      total_tests_passed: 9,
      total_tests_failed: 1,
      consecutive_successes: 4,
    });
  });
  afterAll(() => app.close());

  it.each(CONTRADICTIONS)('in a PUT: %s', async (_rule, body, ...fields) => {
    await expectRefused(app, { method: 'PUT', path: agentPath('guardian'), body }, 'rule_violated', ...fields);
  });

  it.each(CONTRADICTIONS)('in a bulk update: %s', async (_rule, update, ...fields) => {
    const body = { updates: { sandbox: { status: 'active' }, guardian: update } };
    const named = fields.map((field) => `updates.guardian.${field}`);
    await expectRefused(app, { method: 'POST', path: BULK_UPDATE, body }, 'rule_violated', ...named);
  });

  it('in a PUT of a new agent, which is not created', async () => {
    const body = { total_tests_passed: 1 };
    await expectRefused(app, { method: 'PUT', path: agentPath('new'), body }, 'rule_violated', 'total_tests_given');
  });
});
