import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { metricsOf, rowOf, sent } from './support/read.js';

interface Windows {
  test_history: number;
  learning_patterns: number;
  improvement_suggestions: number;
}
type List = keyof Windows;
const LISTS: List[] = ['test_history', 'learning_patterns', 'improvement_suggestions'];

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Entry number n of a list: a test result with score n, or n itself. */
const entry = (list: List, n: number) => (list === 'test_history' ? { score: n } : n);

describe.each<[string, Record<string, string>, Windows]>([
  ['by default', {}, { test_history: 50, learning_patterns: 100, improvement_suggestions: 50 }],
  [
    'as set',
    { MAX_TEST_HISTORY_SIZE: '3', MAX_LEARNING_PATTERNS_SIZE: '1', MAX_IMPROVEMENT_SUGGESTIONS_SIZE: '2' },
    { test_history: 3, learning_patterns: 1, improvement_suggestions: 2 },
  ],
])('the windows, %s, keep the newest', (_case, variables, windows) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(variables);
  });
  afterAll(() => app.close());

  /** Expects entries `to - size + 1` to `to`, the newest last, for the client and in psql. */
  async function expectNewest(agentType: string, list: List, to: number): Promise<void> {
    const expected = numbers(to - windows[list] + 1, to).map((n) => entry(list, n));
    for (const read of [metricsOf, rowOf]) {
      const kept = (await read(app, agentType))[list];
      expect(kept).toHaveLength(windows[list]);
      expect(kept).toMatchObject(expected);
    }
  }

  it('custody tests, one by one', async () => {
    const last = windows.test_history + 2;
    for (const score of numbers(0, last)) {
      await sent(app, 'POST', agentPath('tests', 'custody-test'), createCustodyTest({ score }));
    }
    await expectNewest('tests', 'test_history', last);
    expect(await metricsOf(app, 'tests')).toMatchObject({ total_tests_given: last + 1 });
  });

  it('adversarial tests in the same window', async () => {
    const last = windows.test_history + 3;
    await sent(app, 'POST', agentPath('tests', 'adversarial-test'), createAdversarialTest({ score: last }));
    await expectNewest('tests', 'test_history', last);
  });

  it.each<List>(['learning_patterns', 'improvement_suggestions'])('%s, appended by learning', async (list) => {
    const size = windows[list];
    const agentType = `learns-${list}`;
    const path = agentPath(agentType, 'learning');
    await sent(app, 'POST', path, { [list]: numbers(1, size) });
    await expectNewest(agentType, list, size);
    await sent(app, 'POST', path, { [list]: [size + 1] });
    await expectNewest(agentType, list, size + 1);
    await sent(app, 'POST', path, { [list]: numbers(size + 2, size * 3 + 1) });
    await expectNewest(agentType, list, size * 3 + 1);
  });

  it.each(LISTS)('%s of a PUT', async (list) => {
    const agentType = `put-${list}`;
    const tooLong = numbers(1, windows[list] + 5).map((n) => entry(list, n));
    await sent(app, 'PUT', agentPath(agentType), { [list]: tooLong });
    await expectNewest(agentType, list, windows[list] + 5);
  });

  it.each(LISTS)('%s of a bulk update', async (list) => {
    const agentType = `bulk-${list}`;
    const tooLong = numbers(1, windows[list] + 1).map((n) => entry(list, n));
    await sent(app, 'POST', BULK_UPDATE, { updates: { [agentType]: { [list]: tooLong } } });
    await expectNewest(agentType, list, windows[list] + 1);
  });
});

describe('the configured pass mark', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ PASS_MARK: '85.5' });
  });
  afterAll(() => app.close());

  it.each([
    [85, 0],
    [85.5, 1],
  ])('at a score of %d: %d adversarial tests passed', async (score, total_tests_passed) => {
    const agentType = `score-${score}`;
    await sent(app, 'POST', agentPath(agentType, 'adversarial-test'), createAdversarialTest({ score }));
    expect(await metricsOf(app, agentType)).toMatchObject({ total_tests_given: 1, total_tests_passed });
  });
});
