import type { ObservedSubmission } from '../../common/index.js';
import type { DecidedRound } from './decided-round.js';
import { type Submission, toUnits } from './split-round.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Queued units of work of one submission. They are executed in the same round, in order. */
export interface Waiting extends Submission {
  agentTypes: readonly string[];
  observed: ObservedSubmission;
}

/** Units of work that are committed together. */
export class Round {
  readonly units: readonly UnitOfWork[];
  /** Decided before the earlier round was committed; null: to be decided in its transaction. */
  ahead: DecidedRound | null = null;
  /** Taken during this round, to be committed next in the same lane. */
  following: Round | null = null;
  attempts = 0;

  constructor(readonly waiting: readonly Waiting[]) {
    this.units = toUnits(waiting);
  }
}
