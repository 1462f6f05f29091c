import { type AgentState, evolveWithout } from '../progression/index.js';
import type { AgentEvent } from '../progression/index.js';

/**
 * Maximum number of events that are recorded, and not yet voided, at a time. Those beyond are verified by the agent's row
 * and by later voids only.
 */
const MOST_PENDING = 64;

/** An event that a later event voids. */
interface Pending {
  /** Version of the event that voids it. */
  by: number;
  /** State without it, and without the events that are voided before `by`. */
  state: AgentState | null;
}

/**
 * Folds an agent's events once more for each event that is going to be voided, so that the columns of the voiding can be
 * verified in one pass.
 */
export class PendingVoids {
  /** In the order in which they are voided. */
  private readonly pending: Pending[] = [];

  /** @param voidedBy voided versions, and the version of the event that voids each */
  constructor(private readonly voidedBy: ReadonlyMap<number, number>) {}

  /**
   * Adds the next event.
   *
   * @param before state of the agent before it
   */
  add(event: AgentEvent, before: AgentState | null): void {
    const by = this.voidedBy.get(event.version);
    const place = by === undefined ? this.pending.length : this.findPlace(by);
    const base = place === 0 ? before : (this.pending[place - 1]?.state ?? null);
    for (const [index, each] of this.pending.entries()) each.state = evolveWithout(each.state, event, index >= place);
    if (by === undefined || this.pending.length >= MOST_PENDING) return;
    this.pending.splice(place, 0, { by, state: evolveWithout(base, event, true) });
  }

  /** The state that the agent must have after the voiding event of this version; undefined if it is not known. */
  take(version: number): AgentState | null | undefined {
    const [first] = this.pending;
    if (first?.by !== version) return undefined;
    this.pending.shift();
    return first.state;
  }

  private findPlace(by: number): number {
    const place = this.pending.findIndex((each) => each.by > by);
    return place === -1 ? this.pending.length : place;
  }
}
