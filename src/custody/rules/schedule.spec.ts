import { describe, expect, it } from '@jest/globals';
import { createAgentState, later } from '../../../test/factories/agent-state.factory.js';
import { NOW } from '../../../test/factories/decision.factory.js';
import type { AgentState } from '../../progression/agent-state.js';
import { computeSchedule } from './schedule.js';

const HOUR = 3_600_000;
const DELAYS = { testIntervalMs: 4 * HOUR, retryDelayMs: 2 * HOUR };
const schedule = (overrides: Partial<AgentState>, delays = DELAYS) =>
  computeSchedule(createAgentState(overrides), delays, NOW);
const passedAt = (time: Date): Partial<AgentState> => ({ last_test_date: time, last_success: time });
const failedAt = (time: Date): Partial<AgentState> => ({
  last_test_date: time,
  last_failure: time,
  consecutive_failures: 1,
});

describe('computeSchedule', () => {
  it('new agent: the first test is due immediately, and the agent is not overdue', () => {
    expect(schedule({})).toEqual({
      last_test_date: null,
      next_regular_test_at: null,
      retry_at: null,
      next_test_at: null,
      is_due: true,
      is_overdue: false,
      overdue_since: null,
    });
  });

  it('after a passed test: the next one is due 4 hours later', () => {
    const time = later(-HOUR);
    expect(schedule(passedAt(time))).toEqual({
      last_test_date: time,
      next_regular_test_at: later(3 * HOUR),
      retry_at: null,
      next_test_at: later(3 * HOUR),
      is_due: false,
      is_overdue: false,
      overdue_since: null,
    });
  });

  it('after a failed test: its retry is due 2 hours later, before the next regular one', () => {
    const time = later(-HOUR);
    expect(schedule(failedAt(time))).toMatchObject({
      next_regular_test_at: later(3 * HOUR),
      retry_at: later(HOUR),
      next_test_at: later(HOUR),
      is_due: false,
    });
  });

  it.each([
    ['passed', 1 - 4 * HOUR, false],
    ['passed', -4 * HOUR, true],
    ['passed', -1 - 4 * HOUR, true],
    ['failed', 1 - 2 * HOUR, false],
    ['failed', -2 * HOUR, true],
    ['failed', -1 - 2 * HOUR, true],
  ])('after a test that was %s %i ms from now, the next is due: %s', (outcome, at, is_due) => {
    expect(schedule((outcome === 'passed' ? passedAt : failedAt)(later(at)))).toMatchObject({ is_due });
  });

  it.each([
    ['failed before it was passed', -2 * HOUR, -HOUR, 0, null],
    ['passed before it was failed', -HOUR, -2 * HOUR, 1, HOUR],
    ['failed and passed at the same time, failed last', -HOUR, -HOUR, 1, HOUR],
    ['failed and passed at the same time, passed last', -HOUR, -HOUR, 0, null],
    // A failed result that arrives late ends the success streak, but the newest test passed.
    ['failed before it was passed, and recorded after', -2 * HOUR, -HOUR, 1, null],
  ])('compares the times of the tests: %s', (_case, failed, passed, consecutive_failures, retry) => {
    const agent = { last_failure: later(failed), last_success: later(passed), consecutive_failures };
    const last_test_date = later(Math.max(failed, passed));
    expect(schedule({ ...agent, last_test_date })).toMatchObject({ retry_at: retry === null ? null : later(retry) });
  });

  it.each([
    ['1 ms less than 24 h ago', { last_success: later(1 - 24 * HOUR) }, null],
    ['exactly 24 h ago', { last_success: later(-24 * HOUR) }, null],
    ['1 ms more than 24 h ago', { last_success: later(-1 - 24 * HOUR) }, -1],
    ['3 days ago', { last_success: later(-72 * HOUR) }, -48 * HOUR],
    ['never, agent created 24 h ago', { created_at: later(-24 * HOUR) }, null],
    ['never, agent created 1 ms earlier', { created_at: later(-1 - 24 * HOUR) }, -1],
    ['just now, agent created 3 days ago', { created_at: later(-72 * HOUR), last_success: NOW }, null],
    [
      'a day and an hour ago, and failed since',
      { last_success: later(-25 * HOUR), last_failure: NOW, last_test_date: NOW },
      -HOUR,
    ],
  ])('a test passed %s', (_case, agent, since) => {
    expect(schedule(agent)).toMatchObject({
      is_overdue: since !== null,
      overdue_since: since === null ? null : later(since),
    });
  });

  it('uses the configured delays', () => {
    const delays = { testIntervalMs: 1_500, retryDelayMs: 500 };
    expect(schedule(failedAt(NOW), delays)).toMatchObject({
      next_regular_test_at: later(1_500),
      retry_at: later(500),
    });
  });
});
