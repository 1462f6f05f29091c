import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCommand } from '../../../test/factories/command.arbitrary.js';
import { later, withRecentOutcomes } from '../../../test/factories/agent-state.factory.js';
import { carryOut } from '../../../test/factories/decision.factory.js';
import type { AgentState } from '../../progression/agent-state.js';
import type { AgentEvent } from '../../progression/events.js';
import { fold } from '../../progression/evolve.js';
import { checkGate, type GateThresholds } from './eligibility.js';

const DAY = 24 * 3_600_000;
const THRESHOLDS: GateThresholds = {
  propose: { maxFailureStreak: 3, passWindowMs: DAY },
  levelUp: { minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 100 },
};

/** Commands that do not set custody columns directly, at random times in the last two days. */
const command = anyCommand
  .filter(({ type }) => type !== 'update' && type !== 'import')
  .chain((each) =>
    fc
      .integer({ min: -2 * DAY, max: 0 })
      .map((at) =>
        each.type === 'custody_test' || each.type === 'adversarial_test'
          ? { ...each, data: { ...each.data, timestamp: later(at) } }
          : each,
      ),
  ) as typeof anyCommand;
const commands = fc.array(command, { minLength: 1, maxLength: 40 });

/** The gates computed directly from the results, without counters, streaks and windows. */
function gatesFromResults(events: readonly AgentEvent[], now: Date): { propose: boolean; levelUp: boolean } {
  const begin = events.findLastIndex(({ type }) => type === 'reset' || type === 'custody_reset') + 1;
  const since = events.slice(begin);
  const results = since
    .flatMap((event) => (event.type === 'custody_test' || event.type === 'adversarial_test' ? [event.payload] : []))
    // An errored test is not judged.
    .filter(({ passed }) => passed !== null)
    // A stable sort: results with equal times stay in the order of arrival.
    .sort((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp));
  const custodyXp = since.reduce((xp, { type, payload }) => {
    if (type === 'custody_xp') return Math.max(0, xp + payload.amount);
    return type === 'custody_test' ? xp + payload.xp_awarded : xp;
  }, 0);
  const failuresInARow = results.length - 1 - results.findLastIndex(({ passed }) => passed);
  const passes = results.filter(({ passed }) => passed);
  const lastFive = results.slice(-5);
  return {
    propose:
      passes.length >= 1 &&
      failuresInARow <= 3 &&
      passes.some(({ timestamp }) => now.getTime() - Date.parse(timestamp) <= DAY),
    levelUp:
      lastFive.length >= 3 &&
      lastFive.filter(({ passed }) => passed).length / lastFive.length >= 0.8 &&
      failuresInARow <= 2 &&
      custodyXp >= 100,
  };
}

function gates(state: AgentState, now: Date): { propose: boolean; levelUp: boolean } {
  const agent = withRecentOutcomes(state);
  return {
    propose: checkGate('propose', agent, THRESHOLDS, now).eligible,
    levelUp: checkGate('level-up', agent, THRESHOLDS, now).eligible,
  };
}

describe('after any sequence of results', () => {
  it('the gates equal those computed from the results', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(commands, fc.integer({ min: 0, max: DAY }), (sequence, wait) => {
        const { state, events } = carryOut([{ type: 'create' }, ...sequence]);
        if (!state) throw new Error('the agent was created');
        const expected = gatesFromResults(events, later(wait));
        seen.add(JSON.stringify(expected));
        expect(gates(state, later(wait))).toEqual(expected);
        const folded = fold(null, events);
        expect(folded && gates(folded, later(wait))).toEqual(expected);
      }),
      { numRuns: 500, seed: 20_261_123 },
    );
    // All four combinations occurred.
    expect(seen.size).toBe(4);
  });
});
