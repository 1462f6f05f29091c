import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentAccess } from '../../src/common/agent-access.js';
import type { TestFilter } from '../../src/agent-metrics/requests/test-filter.dto.js';
import type { AgentEvent } from '../../src/progression/events.js';
import type { TestPerformance } from '../../src/rollups/index.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { voidEvent } from '../support/void-event.js';

const AGENTS = ['guardian', 'sandbox'];
const START = new Date('2026-02-01T00:30:00Z');
const HOUR = 3_600_000;
const NOW = new Date(START.getTime() + 100 * HOUR);
const TESTS = 120;

type TestEvent = Extract<AgentEvent, { type: 'custody_test' | 'adversarial_test' }>;

let test: TestService;
/** The tests that count, of each agent. */
const counted = new Map<string, TestEvent[]>();
beforeAll(async () => {
  test = await startTestService();
  test.setClock(NOW);
  for (let index = 0; index < TESTS; index++) {
    const agent = AGENTS[index % 7 === 0 ? 1 : 0] ?? '';
    const timestamp = new Date(START.getTime() + ((index * 17) % 90) * HOUR);
    const category = (['reasoning', 'tool_use', undefined] as const)[index % 3];
    const evidence = index % 5 > 0 && {
      evidence: {
        run_id: `run-${index % 4}`,
        ...(index % 11 > 0 && { agent_version: index < 60 ? '1.0' : '2.0' }),
        environment: index % 2 === 0 ? 'staging' : 'production',
        source: 'ci',
        model: 'model/a',
      },
    };
    const common = { timestamp, ...evidence };
    const custody = { ...common, ...(category && { category }) };
    if (index % 13 === 0) {
      await test.service.updateCustodyTestResult(agent, { outcome: 'errored', ...custody });
    } else if (index % 6 === 0) {
      await test.service.updateAdversarialTestResult(agent, { score: (index * 37) % 101, is_winner: false, ...common });
    } else {
      const passed = index < 60 ? index % 3 > 0 : index % 4 > 0;
      await test.service.updateCustodyTestResult(agent, {
        passed,
        score: (index * 37) % 101,
        duration: index,
        ...custody,
      });
    }
  }
  for (const agent of AGENTS) {
    const history = (await test.ledger.read(test.dataSource.manager, [agent])).get(agent);
    const tests = (history?.events ?? []).filter(isTest);
    const voided = tests[3];
    if (!voided) throw new Error('there is no test to void');
    await voidEvent(test.database, agent, voided.version);
    counted.set(
      agent,
      tests.filter((event) => event !== voided),
    );
  }
});
afterAll(() => test.close());

const FILTERS: TestFilter[] = [
  {},
  { run_id: 'run-1' },
  { run_id: 'run-1', agent_version: '2.0' },
  { agent_version: '1.0', environment: 'production' },
  { source: 'ci', model: 'model/a' },
  { source: "c'i" },
  { category: 'reasoning' },
  { category: 'uncategorized', environment: 'staging' },
  { from: new Date(START.getTime() + 40 * HOUR) },
  { from: new Date(START.getTime() + 40 * HOUR), to: new Date(START.getTime() + 60 * HOUR), category: 'tool_use' },
  { to: new Date(START.getTime() + 60 * HOUR), run_id: 'run-3' },
];

describe.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))('with the filter %s', (_, filter) => {
  it.each([...AGENTS, undefined])('the analytics of %s are those of the tests that it selects', async (agent) => {
    const tests = select(agent, filter);
    const performance = agent
      ? await test.analytics.getTestPerformance(agent, filter)
      : (await test.analytics.getSummary(filter)).test_performance;
    expectOutcomes(performance, tests);
    for (const [category, outcomes] of Object.entries(performance.by_category)) {
      expectOutcomes(
        outcomes,
        tests.filter((event) => categoryOf(event) === category),
      );
    }
    for (const [difficulty, outcomes] of Object.entries(performance.by_difficulty)) {
      expectOutcomes(
        outcomes,
        tests.filter(({ payload }) => payload.difficulty === difficulty),
      );
    }
    expect(Object.values(performance.by_category).reduce((sum, one) => sum + one.tests, 0)).toBe(performance.tests);
  });

  it.each([...AGENTS, undefined])('the trends of %s are those of the tests that it selects', async (agent) => {
    for (const bucket of ['hour', 'day'] as const) {
      const range = { from: START, to: NOW };
      const { trends } = await test.analytics.getTrends({ ...filter, ...range, bucket }, agent);
      const size = bucket === 'hour' ? HOUR : 24 * HOUR;
      const tests = select(agent, { ...filter, from: undefined, to: undefined });
      expect(trends).toHaveLength(bucket === 'hour' ? 101 : 5);
      for (const { starts_at, ...outcomes } of trends) {
        const age = ({ occurred_at }: TestEvent) => occurred_at.getTime() - starts_at.getTime();
        expectOutcomes(
          outcomes,
          tests.filter((event) => age(event) >= 0 && age(event) < size),
        );
      }
    }
  });
});

describe('for a caller that is limited to some agents', () => {
  const LIMITS: [patterns: string[], agent: string | undefined][] = [
    [['guardian', 'nobody'], 'guardian'],
    [['sand*'], 'sandbox'],
    [['guard*', 'sandbox'], undefined],
  ];

  it.each(FILTERS)('the analytics with %j are those of these agents', async (filter) => {
    for (const [patterns, agent] of LIMITS) {
      const { test_performance } = await test.analytics.getSummary(filter, AgentAccess.of(patterns));
      expect(test_performance).toEqual(
        agent
          ? await test.analytics.getTestPerformance(agent, filter)
          : (await test.analytics.getSummary(filter)).test_performance,
      );
    }
    const { test_performance } = await test.analytics.getSummary(filter, AgentAccess.of(['nobody', 'no*']));
    expect(test_performance).toMatchObject({ tests: 0, by_category: {}, by_difficulty: {} });
  });

  it.each(FILTERS)('the trends with %j are those of these agents', async (filter) => {
    const request = { ...filter, from: START, to: NOW };
    for (const [patterns, agent] of LIMITS) {
      const trends = await test.analytics.getTrends(request, undefined, AgentAccess.of(patterns));
      expect(trends).toEqual(await test.analytics.getTrends(request, agent));
    }
    const { trends } = await test.analytics.getTrends(request, undefined, AgentAccess.of(['nobody', 'no*']));
    expect(trends.filter(({ tests, errored }) => tests + errored > 0)).toEqual([]);
  });
});

describe('the comparison', () => {
  it.each(['run_id', 'agent_version', 'model', 'environment'] as const)(
    'by %s has all tests with evidence',
    async (by) => {
      for (const agent of AGENTS) {
        const { groups, truncated } = await test.analytics.compare(agent, { by });
        expect(truncated).toBe(false);
        const tests = select(agent, {}).filter(({ payload }) => payload.evidence);
        const values = new Set(tests.map(({ payload }) => payload.evidence?.[by] ?? null));
        expect(new Set(groups.map(({ value }) => value))).toEqual(values);
        for (const group of groups) {
          const own = tests.filter(({ payload }) => (payload.evidence?.[by] ?? null) === group.value);
          expectOutcomes(group, own);
          const times = own.map(({ occurred_at }) => occurred_at.getTime());
          expect([group.first_at.getTime(), group.last_at.getTime()]).toEqual([Math.min(...times), Math.max(...times)]);
        }
        const newest = groups.map(({ last_at }) => last_at.getTime());
        expect(newest).toEqual([...newest].sort((one, other) => other - one));
      }
    },
  );

  it('compares each group with the most recent other one, or the baseline', async () => {
    const { groups } = await test.analytics.compare('guardian', { by: 'run_id' });
    const [first, second] = groups.map(({ value }) => value);
    expect(groups.map(({ difference }) => difference?.baseline)).toEqual([second, first, first, first]);
    const rate = new Map(groups.map(({ value, pass_rate }) => [value, pass_rate ?? NaN]));
    const compared = await test.analytics.compare('guardian', { by: 'run_id', baseline: 'run-2' });
    for (const { value, pass_rate, difference } of compared.groups) {
      if (value === 'run-2') expect(difference).toBeNull();
      else {
        expect(difference?.baseline).toBe('run-2');
        expect(difference?.value).toBeCloseTo((pass_rate ?? NaN) - (rate.get('run-2') ?? NaN), 12);
        expect(difference?.low).toBeLessThan(difference?.value ?? NaN);
        expect(difference?.high).toBeGreaterThan(difference?.value ?? NaN);
      }
    }
  });

  it('is truncated at the limit, with the same differences', async () => {
    for (const baseline of [undefined, 'run-2']) {
      const all = await test.analytics.compare('guardian', { by: 'run_id', baseline });
      for (const limit of [1, 2, 3]) {
        const { groups, truncated } = await test.analytics.compare('guardian', { by: 'run_id', baseline, limit });
        expect(truncated).toBe(true);
        expect(groups).toEqual(all.groups.slice(0, limit));
      }
    }
  });

  it('takes a filter', async () => {
    const { groups } = await test.analytics.compare('guardian', { by: 'agent_version', run_id: 'run-1' });
    for (const { value, ...outcomes } of groups) {
      const tests = select('guardian', { run_id: 'run-1' });
      expectOutcomes(
        outcomes,
        tests.filter(({ payload }) => (payload.evidence?.agent_version ?? null) === value),
      );
    }
  });

  it('refuses a baseline without tests, and an agent that does not exist', async () => {
    await expect(test.analytics.compare('guardian', { by: 'model', baseline: 'other' })).rejects.toMatchObject({
      options: { errors: [{ field: 'baseline' }] },
    });
    await expect(test.analytics.compare('nobody', { by: 'model' })).rejects.toMatchObject({ code: 'agent_not_found' });
  });

  it('has no groups without evidence', async () => {
    expect(await test.analytics.compare('imperium', { by: 'model' })).toEqual({ groups: [], truncated: false });
  });
});

function isTest(event: AgentEvent): event is TestEvent {
  return event.type === 'custody_test' || event.type === 'adversarial_test';
}

const categoryOf = ({ payload }: TestEvent): string =>
  ('category' in payload ? payload.category : undefined) ?? 'uncategorized';

/** By the rule, without SQL. */
function select(agent: string | undefined, { category, from, to, ...evidence }: TestFilter): TestEvent[] {
  const tests = agent === undefined ? [...counted.values()].flat() : (counted.get(agent) ?? []);
  return tests.filter(
    (event) =>
      (category === undefined || categoryOf(event) === category) &&
      (from === undefined || event.occurred_at >= from) &&
      (to === undefined || event.occurred_at < to) &&
      Object.entries(evidence).every(
        ([field, value]) => value === undefined || event.payload.evidence?.[field as 'run_id'] === value,
      ),
  );
}

function expectOutcomes(
  outcomes: Pick<TestPerformance, 'tests' | 'passed' | 'errored' | 'average_score' | 'average_duration'>,
  tests: TestEvent[],
): void {
  const judged = tests.filter(({ payload }) => payload.passed !== null);
  const { tests: number, passed, errored } = outcomes;
  expect({ number, passed, errored }).toEqual({
    number: judged.length,
    passed: judged.filter(({ payload }) => payload.passed).length,
    errored: tests.length - judged.length,
  });
  expectAverage(
    outcomes.average_score,
    judged.map(({ payload }) => payload.score),
  );
  expectAverage(
    outcomes.average_duration,
    judged.map(({ payload }) => ('duration' in payload ? payload.duration : undefined)),
  );
}

function expectAverage(average: number | null, values: (number | null | undefined)[]): void {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) expect(average).toBeNull();
  else expect(average).toBeCloseTo(numbers.reduce((sum, value) => sum + value, 0) / numbers.length, 9);
}
