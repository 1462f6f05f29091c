import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandSequence } from '../../test/factories/command.arbitrary.js';
import { carryOut, createContext } from '../../test/factories/decision.factory.js';
import type { AgentState } from './agent-state.js';
import { decide } from './decide.js';
import type { AgentEvent, DecidedEvent } from './events.js';
import { evolve, fold } from './evolve.js';
import { evolveWithout, isVoidable, type Voiding } from './voiding.js';

interface History {
  state: AgentState | null;
  events: DecidedEvent[];
  voided: Map<number, number>;
}

function foldWithout(events: readonly AgentEvent[], isVoided: (version: number) => boolean): AgentState | null {
  return events.reduce<AgentState | null>((state, event) => evolveWithout(state, event, isVoided(event.version)), null);
}

/** Voids an event, if it can be voided. */
function voidEvent({ state, events, voided }: History, version: number): ReturnType<typeof decide> {
  const event = events.find((each) => each.version === version) ?? null;
  const canFold = event && isVoidable(event.type);
  const voiding: Voiding = {
    event,
    voidedBy: voided.get(version) ?? null,
    without: canFold ? foldWithout(events, (each) => each === version || voided.has(each)) : null,
  };
  const command = { type: 'void', data: { version, reason: 'a mistake' } } as const;
  return decide(state, command, createContext({ voiding }));
}

describe('voiding', () => {
  it('of any events of any sequence leaves the agent as if they had not been recorded', () => {
    let voids = 0;
    fc.assert(
      fc.property(commandSequence, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (commands, places) => {
        const { state, events } = carryOut([{ type: 'create' }, ...commands]);
        const history: History = { state, events: [...events], voided: new Map() };
        for (const place of places) {
          const version = 1 + (place % history.events.length);
          const decision = voidEvent(history, version);
          if (decision.rejected) continue;
          voids++;
          history.events.push(...decision.events);
          history.state = decision.state;
          history.voided.set(version, decision.state.version);
        }
        const expected = foldWithout(history.events, (version) => history.voided.has(version));
        expect(history.state).toEqual(expected);
        // Folding the ledger as it is gives the same.
        expect(fold(null, history.events)).toEqual(expected);
        let each: AgentState | null = null;
        for (const event of history.events) {
          each = evolve(each, event);
          expect(event.result.metrics).toEqual(expect.objectContaining({ xp: each.xp, level: each.level }));
        }
      }),
    );
    expect(voids).toBeGreaterThan(50);
  });

  it('is refused for events that cannot be voided, and for events that were voided', () => {
    fc.assert(
      fc.property(commandSequence, (commands) => {
        const { state, events } = carryOut([{ type: 'create' }, ...commands]);
        const history: History = { state, events: [...events], voided: new Map() };
        for (const { version, type } of events) {
          const decision = voidEvent(history, version);
          if (!isVoidable(type)) {
            expect(decision.rejected).toMatchObject({ code: 'rule_violated', errors: [{ field: 'version' }] });
          }
          if (decision.rejected) continue;
          history.events.push(...decision.events);
          history.state = decision.state;
          history.voided.set(version, decision.state.version);
          expect(voidEvent(history, version).rejected).toMatchObject({ code: 'rule_violated' });
          expect(voidEvent(history, decision.state.version).rejected).toMatchObject({ code: 'rule_violated' });
        }
        expect(voidEvent(history, history.events.length + 1).rejected).toMatchObject({ code: 'event_not_found' });
      }),
      { numRuns: 20 },
    );
  });
});
