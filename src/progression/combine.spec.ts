import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAgentState } from '../../test/factories/agent-state.factory.js';
import { carryOut, createContext } from '../../test/factories/decision.factory.js';
import { anyResult } from '../../test/factories/command.arbitrary.js';
import type { AgentState } from './agent-state.js';
import type { Command } from './commands.js';
import { decide } from './decide.js';
import { INTEGER_MAX } from './ranges.js';

const WINDOW = 8;
const CREATE: Command = { type: 'create' };
const context = createContext();
const rules = { ...context.rules, windows: { ...context.rules.windows, testHistory: WINDOW } };

function merge(target: AgentState, source: AgentState): AgentState {
  const data = { agent: source, head: 'f'.repeat(64) };
  const decision = decide(target, { type: 'merge', data }, { ...context, rules, agentType: target.agent_type });
  if (decision.rejected) throw new Error(JSON.stringify(decision.rejected));
  return decision.state;
}

/** Streaks of tests in the order of their times. */
function streaksOf(outcomes: readonly boolean[]) {
  const length = outcomes.length - 1 - outcomes.findLastIndex((passed) => passed !== outcomes.at(-1));
  return outcomes.at(-1) === true
    ? { consecutive_successes: length, consecutive_failures: 0 }
    : { consecutive_successes: 0, consecutive_failures: length };
}

const time = (minute: number) => new Date(Date.UTC(2025, 0, 1, 0, minute));
const entry = (minute: number, passed: boolean) => ({ timestamp: time(minute).toISOString(), passed });

describe('combine', () => {
  it('gives the streaks and the history of all results if the windows reach back far enough', () => {
    const results = fc.array(fc.tuple(anyResult, fc.boolean()), { minLength: 1, maxLength: WINDOW });
    fc.assert(
      fc.property(results, (sequence) => {
        const pinned = sequence.map(([command, isSource], minute) => ({
          command: {
            type: command.type,
            data: { ...('data' in command ? command.data : {}), timestamp: time(minute), xp_awarded: 1 },
          } as Command,
          isSource,
        }));
        const stateOf = (isSource: boolean | null) => {
          const own = pinned.filter((each) => isSource === null || each.isSource === isSource);
          const { state } = carryOut([CREATE, ...own.map(({ command }) => command)]);
          if (!state) throw new Error('no state');
          return state;
        };
        const merged = merge(stateOf(false), stateOf(true));
        const one = stateOf(null);
        const columns = (state: AgentState) => ({
          ...state,
          version: 0,
          updated_at: 0,
          test_history: state.test_history.map(({ timestamp, passed }) => [timestamp, passed]),
        });
        expect(columns(merged)).toEqual(columns(one));
      }),
    );
  });

  it('counts tests beyond the windows where the columns tell them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 }), (tests) => {
        const timed = tests.map(([passed, isSource], minute) => ({ ...entry(minute, passed), isSource, minute }));
        const stateOf = (isSource: boolean): AgentState => {
          const own = timed.filter((test) => test.isSource === isSource);
          const last = (passed: boolean) => own.findLast((test) => test.passed === passed);
          const at = (test: { minute: number } | undefined) => (test ? time(test.minute) : null);
          return createAgentState({
            total_tests_given: own.length,
            total_tests_passed: own.filter(({ passed }) => passed).length,
            total_tests_failed: own.filter(({ passed }) => !passed).length,
            ...(own.length > 0 ? streaksOf(own.map(({ passed }) => passed)) : streaksOf([])),
            last_success: at(last(true)),
            last_failure: at(last(false)),
            last_test_date: at(own.at(-1)),
            test_history: own.slice(-WINDOW).map(({ timestamp, passed }) => ({ timestamp, passed })),
          });
        };
        const [target, source] = [stateOf(false), stateOf(true)];
        const { consecutive_successes, consecutive_failures } = merge(target, source);
        const exact = streaksOf(tests.map(([passed]) => passed));
        expect(consecutive_successes).toBeLessThanOrEqual(exact.consecutive_successes);
        expect(consecutive_failures).toBeLessThanOrEqual(exact.consecutive_failures);
        const isOnlyStreak = tests.every(([passed]) => passed === tests.at(-1)?.[0]);
        if (isOnlyStreak || Math.max(...Object.values(exact)) <= WINDOW) {
          expect({ consecutive_successes, consecutive_failures }).toEqual(exact);
        }
      }),
    );
  });

  it('keeps the position of entries without a time, and cuts the history', () => {
    const target = createAgentState({
      test_history: [{ note: 'first' }, entry(2, true), { note: 'after 2' }, entry(9, false)],
    });
    const source = createAgentState({
      test_history: [entry(1, true), entry(2, false), entry(3, true), entry(10, true)],
    });
    expect(merge(target, source).test_history).toEqual([
      { note: 'first' },
      entry(1, true),
      entry(2, false),
      entry(2, true),
      { note: 'after 2' },
      entry(3, true),
      entry(9, false),
      entry(10, true),
    ]);
  });

  it('takes the learning of the agent that learned last, and the higher level', () => {
    const learned = { learning_score: 9, success_rate: 0.9, failure_rate: 0.1, last_learning_cycle: time(5) };
    const target = createAgentState({ ...learned, last_learning_cycle: time(4), learning_score: 1, level: 4, xp: 7 });
    const source = createAgentState({ ...learned, level: 3, prestige: 2, xp: INTEGER_MAX });
    expect(merge(target, source)).toMatchObject({
      learning_score: 9,
      last_learning_cycle: time(5),
      prestige: 2,
      xp: INTEGER_MAX,
    });
    expect(merge(source, target)).toMatchObject({ learning_score: 9 });
    const idle = createAgentState({ learning_score: 1 });
    expect(merge(idle, createAgentState({ learning_score: 2 })).learning_score).toBe(1);
  });
});
