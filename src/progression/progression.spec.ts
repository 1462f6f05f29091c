import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyTest, commandSequence } from '../../test/factories/command.arbitrary.js';
import { carryOut, createContext } from '../../test/factories/decision.factory.js';
import { snapshot } from './agent-state.js';
import type { AgentEvent } from './events.js';
import { evolve, fold } from './evolve.js';
import { violations } from './invariants.js';
import { custodyLevelForXp, levelForXp } from './levels.js';

const created = { type: 'create' } as const;

describe('any sequence of commands', () => {
  it('leaves counters that add up, streaks that exclude each other, and nothing out of range', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const { state } = carryOut([created, ...commands]);
        expect(state && violations(state)).toEqual([]);
      }),
    );
  });

  it('numbers its events 1, 2, 3, … and records the numbers after each', () => {
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

  it('folds the same whatever the settings say by then', () => {
    fc.assert(
      fc.property(commandSequence, fc.integer({ min: 1, max: 5 }), (commands, size) => {
        const windows = { testHistory: size, learningPatterns: size, improvementSuggestions: size };
        const first = carryOut([created, ...commands]);
        const second = carryOut(commands, createContext({ rules: { passMark: 50, windows } }), first.state);
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

  it('has the levels that its XP reach', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state } = carryOut(commands);
        expect(state?.level).toBe(levelForXp(state?.xp ?? -1));
        expect(state?.custody_level).toBe(custodyLevelForXp(state?.custody_xp ?? -1));
      }),
    );
  });

  it('has the streak of its end, whichever it is', () => {
    fc.assert(
      fc.property(tests, (commands) => {
        const { state, events } = carryOut(commands);
        const outcomes = events.flatMap(({ payload }) => ('passed' in payload ? [payload.passed] : []));
        const streak = outcomes.length - 1 - outcomes.lastIndexOf(!outcomes.at(-1));
        expect([state?.consecutive_successes, state?.consecutive_failures]).toEqual(
          outcomes.at(-1) === true ? [streak, 0] : [0, streak],
        );
      }),
    );
  });
});

function fromJson(event: AgentEvent): AgentEvent {
  const plain = JSON.parse(JSON.stringify(event)) as AgentEvent;
  return { ...plain, occurred_at: new Date(plain.occurred_at), recorded_at: new Date(plain.recorded_at) };
}
