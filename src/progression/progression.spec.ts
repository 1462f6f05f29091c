import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyTest, commandSequence } from '../../test/factories/command.arbitrary.js';
import { carryOut, createContext } from '../../test/factories/decision.factory.js';
import { snapshot } from './agent-state.js';
import type { Command } from './commands.js';
import type { AgentEvent } from './events.js';
import { evolve, fold } from './evolve.js';
import { violations } from './invariants.js';
import { custodyLevelForXp, levelForXp } from './levels.js';

const created = { type: 'create' } as const;

/** A test with a unique time and an explicit difficulty: the agent's difficulty depends on the previous tests. */
function at(command: Command, minute: number): Command {
  const timestamp = new Date(Date.UTC(2025, 0, 1, 0, minute));
  if (command.type === 'custody_test') {
    return { ...command, data: { ...command.data, timestamp, difficulty: 'expert', xp_awarded: 0 } };
  }
  return command.type === 'adversarial_test' ? { ...command, data: { ...command.data, timestamp } } : command;
}

describe('any sequence of commands', () => {
  it('keeps counters consistent, streaks mutually exclusive, and values in range', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const { state } = carryOut([created, ...commands]);
        expect(state && violations(state)).toEqual([]);
      }),
    );
  });

  it('numbers its events 1, 2, 3, … and records the snapshot after each', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const { events } = carryOut([created, ...commands]);
        expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
        let state = null;
        for (const event of events) {
          state = evolve(state, event);
          expect(event.result).toEqual({ created: event.version === 1, metrics: snapshot(state) });
        }
      }),
    );
  });

  it('folds to the same state at once, in two parts, and from JSON', () => {
    fc.assert(
      fc.property(commandSequence, fc.nat(), (commands, cut) => {
        const { state, events } = carryOut([created, ...commands]);
        const at = cut % (events.length + 1);
        expect(fold(null, events)).toEqual(state);
        expect(fold(fold(null, events.slice(0, at)), events.slice(at))).toEqual(state);
        expect(JSON.stringify(fold(null, events.map(fromJson)))).toBe(JSON.stringify(state));
      }),
    );
  });

  it('folds to the same state under other settings', () => {
    fc.assert(
      fc.property(commandSequence, fc.integer({ min: 1, max: 5 }), (commands, size) => {
        const windows = { testHistory: size, learningPatterns: size, improvementSuggestions: size };
        const first = carryOut([created, ...commands]);
        const second = carryOut(
          commands,
          createContext({
            rules: { passMark: 50, maxXpAwarded: 200_000, windows, sizes: { document: 9, listItem: 9 } },
          }),
          first.state,
        );
        expect(fold(null, [...first.events, ...second.events])).toEqual(second.state);
      }),
    );
  });
});

describe('any sequence of tests', () => {
  const tests = fc.array(anyTest, { minLength: 1, maxLength: 120 });

  it('counts each one, and keeps the newest 50', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state } = carryOut(commands);
        expect(state).toMatchObject({ total_tests_given: commands.length });
        expect(state?.test_history).toHaveLength(Math.min(commands.length, 50));
      }),
    );
  });

  it('never lowers a level', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const levels = carryOut(commands).events.map(
          ({ result }) => [result.metrics.level, result.metrics.custody_level] as const,
        );
        levels.reduce(([level, custodyLevel], next) => {
          expect(next[0]).toBeGreaterThanOrEqual(level);
          expect(next[1]).toBeGreaterThanOrEqual(custodyLevel);
          return next;
        });
      }),
    );
  });

  it('has the levels for its XP', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state } = carryOut(commands);
        expect(state?.level).toBe(levelForXp(state?.xp ?? -1));
        expect(state?.custody_level).toBe(custodyLevelForXp(state?.custody_xp ?? -1));
      }),
    );
  });

  it('keeps the newest results in order of time', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state, events } = carryOut(commands);
        const times = inOrder(events).map(({ timestamp }) => timestamp);
        expect(state?.test_history.map(({ timestamp }) => timestamp)).toEqual(times.slice(-50));
      }),
    );
  });

  it('gives the same agent for any order of arrival', () => {
    const distinct = fc
      .array(anyTest, { minLength: 1, maxLength: 50 })
      .map((commands) => commands.map((command, index) => at(command, index)));
    fc.assert(
      fc.property(distinct, fc.array(fc.nat(), { minLength: 50, maxLength: 50 }), (commands, places) => {
        const shuffled = commands
          .map((command, index) => ({ command, place: places[index] ?? 0 }))
          .sort((one, other) => one.place - other.place)
          .map(({ command }) => command);
        expect(carryOut(shuffled).state).toEqual(carryOut(commands).state);
      }),
    );
  });

  it('is unchanged under rules version 1, which orders by arrival', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const events = carryOut(commands).events.map((event) => ({ ...event, rules_version: 1 }));
        const outcomes = events.flatMap(({ payload }) => ('passed' in payload ? [payload.passed] : []));
        const state = fold(null, events);
        expect(state?.test_history.map(({ passed }) => passed)).toEqual(outcomes.slice(-50));
        const streak = outcomes.length - 1 - outcomes.lastIndexOf(!outcomes.at(-1));
        expect(Math.max(state?.consecutive_successes ?? 0, state?.consecutive_failures ?? 0)).toBe(streak);
      }),
    );
  });

  it('has the streak of the newest tests', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state, events } = carryOut(commands);
        const outcomes = inOrder(events).map(({ passed }) => passed);
        const streak = outcomes.length - 1 - outcomes.lastIndexOf(!outcomes.at(-1));
        expect([state?.consecutive_successes, state?.consecutive_failures]).toEqual(
          outcomes.at(-1) === true ? [streak, 0] : [0, streak],
        );
      }),
    );
  });
});

/** Results of the events in order of time, then of arrival. */
function inOrder(events: readonly AgentEvent[]): { passed: boolean | null; timestamp: string }[] {
  return events
    .flatMap((event) => (event.type === 'custody_test' || event.type === 'adversarial_test' ? [event.payload] : []))
    .sort((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp));
}

function fromJson(event: AgentEvent): AgentEvent {
  const plain = JSON.parse(JSON.stringify(event)) as AgentEvent;
  return { ...plain, occurred_at: new Date(plain.occurred_at), recorded_at: new Date(plain.recorded_at) };
}
