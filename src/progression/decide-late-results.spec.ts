import { describe, expect, it } from '@jest/globals';
import { NOW, stateAfter } from '../../test/factories/decision.factory.js';
import type { Command, CustodyTestResult, MetricsUpdate } from './commands.js';

const test = (overrides: Partial<CustodyTestResult> = {}): Command => ({
  type: 'custody_test',
  data: { passed: true, score: 95, duration: 120, ...overrides },
});
const put = (data: MetricsUpdate): Command => ({ type: 'update', data });

describe('results that arrive late', () => {
  const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
  const result = (passed: boolean, minutes: number) => test({ passed, timestamp: minutesAgo(minutes) });
  const scores = (commands: Command[]) => stateAfter(commands).test_history.map(({ timestamp }) => timestamp);

  it('do not end a streak of failures, nor one of passes', () => {
    const failures = Array.from({ length: 5 }, (_, index) => result(false, 5 - index));
    const oldPasses = Array.from({ length: 5 }, (_, index) => result(true, 1_000 - index));
    expect(stateAfter([...failures, ...oldPasses])).toMatchObject({
      consecutive_failures: 5,
      consecutive_successes: 0,
    });
    expect(stateAfter([...oldPasses, ...failures])).toEqual(
      expect.objectContaining({ consecutive_failures: 5, total_tests_given: 10 }),
    );
  });

  it('within a streak shorten it; immediately before a streak, extend it', () => {
    const passes = [result(true, 30), result(true, 20), result(true, 10)];
    expect(stateAfter([...passes, result(false, 15)])).toMatchObject({ consecutive_successes: 1 });
    expect(stateAfter([...passes, result(false, 40)])).toMatchObject({ consecutive_successes: 3 });
    expect(stateAfter([...passes, result(true, 40)])).toMatchObject({ consecutive_successes: 4 });
    expect(stateAfter([...passes, result(true, 15)])).toMatchObject({ consecutive_successes: 4 });
  });

  it('of the same time are in the order of their arrival', () => {
    const passes = [result(true, 20), result(true, 10)];
    expect(stateAfter([...passes, result(false, 20)])).toMatchObject({ consecutive_successes: 1 });
    expect(stateAfter([...passes, result(false, 10)])).toMatchObject({ consecutive_failures: 1 });
  });

  it('and are older than a full history are counted but not stored in it', () => {
    const newer = Array.from({ length: 51 }, (_, index) => result(false, 51 - index));
    const state = stateAfter([...newer, result(true, 500)]);
    expect(state).toMatchObject({ total_tests_given: 52, total_tests_passed: 1, consecutive_failures: 51 });
    expect(state.test_history.every(({ passed }) => passed === false)).toBe(true);
  });

  it('are compared with entries without a time zone as UTC', () => {
    const history = put({ test_history: [{ passed: true, timestamp: minutesAgo(1).toISOString().replace('Z', '') }] });
    const times = scores([history, result(true, 0), result(false, 2)]);
    expect(times.map((time) => String(time).slice(14, 16))).toEqual(['58', '59', '00']);
  });

  it('are placed after entries without a time, set by PUT', () => {
    const history = put({
      test_history: [{ note: 'no time' }, { passed: true, timestamp: minutesAgo(1).toISOString() }],
    });
    const times = scores([history, result(true, 0), result(false, 3)]);
    expect(times).toEqual([undefined, ...[3, 1, 0].map((minutes) => minutesAgo(minutes).toISOString())]);
  });
});
