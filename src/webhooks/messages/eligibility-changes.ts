import type { Eligibilities, Eligibility } from '../../custody/index.js';
import type { AgentState } from '../../progression/index.js';

/** Checks both gates of an agent in this state at this moment. */
export type Judge = (state: AgentState, at: Date) => Eligibilities;

/** A gate whose result changed. */
export interface EligibilityChange extends Eligibility {
  gate: 'propose' | 'level-up';
}

/** A gate that closed because a time limit ended, with nothing recorded. */
export interface Lapse extends EligibilityChange {
  /** The first moment at which the gate was closed. */
  at: Date;
}

const GATES = [
  ['propose', 'propose'],
  ['level-up', 'level_up'],
] as const;

/** Gates whose result differs, in the state after. @param before null: the agent did not exist, and no gate was open */
export function compareEligibility(before: Eligibilities | null, after: Eligibilities): EligibilityChange[] {
  return GATES.flatMap(([gate, key]) => {
    const wasEligible = before?.[key].eligible ?? false;
    return wasEligible === after[key].eligible ? [] : [{ gate, ...after[key] }];
  });
}

/** Gates of this state that close in the interval because of a time limit. @param after exclusive @param upTo inclusive */
export function findLapses(state: AgentState, judge: Judge, after: Date, upTo: Date): Lapse[] {
  if (upTo <= after) return [];
  const atStart = judge(state, after);
  return GATES.flatMap(([gate, key]): Lapse[] => {
    const { eligible, requirements } = atStart[key];
    if (!eligible) return [];
    const ends = requirements.flatMap(({ until }) => (until ? [until.getTime()] : []));
    if (ends.length === 0) return [];
    // A requirement is met up to and including its end.
    const at = new Date(Math.min(...ends) + 1);
    return at > upTo ? [] : [{ gate, at, ...judge(state, at)[key] }];
  });
}
