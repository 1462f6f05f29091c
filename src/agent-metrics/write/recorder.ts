import { Inject, Injectable, Logger } from '@nestjs/common';
import { getErrorMessage } from '../../common/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { CommandExecutor } from './command-executor.js';
import type { Outcome } from './decided-round.js';
import { GroupCommit } from './group-commit.js';
import { ON_RECORDED, type OnRecorded } from './on-recorded.js';
import { pickNumbers, type RecordedChange, type UnitOfWork } from './unit-of-work.js';

/** Records units of work, in the caller's transaction or by the group commit, and announces their changes. */
@Injectable()
export class Recorder {
  private readonly logger = new Logger('AgentMetricsService');

  constructor(
    private readonly groupCommit: GroupCommit,
    private readonly executor: CommandExecutor,
    private readonly transactions: TransactionRunner,
    @Inject(ON_RECORDED) private readonly onRecorded: OnRecorded | null,
  ) {}

  /**
   * Records one unit.
   *
   * @param manager of the transaction to join; undefined: the ambient transaction, or else one of the service
   * @throws DomainError the reason for rejection or failure
   */
  async record(unit: UnitOfWork, manager?: Session): Promise<RecordedChange[]> {
    return getChanges(await this.recordAll([unit], manager));
  }

  /** Like `record`, in a transaction of its own instead of the group commit: for work that takes long. */
  async recordAlone(unit: UnitOfWork, manager?: Session): Promise<RecordedChange[]> {
    const outer = manager ?? this.transactions.current();
    const outcomes = await this.transactions.run(
      (session) => this.executor.execute(session, [unit]),
      outer ?? undefined,
    );
    this.announceAll([unit], outcomes, outer);
    return getChanges(outcomes);
  }

  /** Records units in one transaction, in order. A rejected unit does not affect the others. Parameters: see `record`. */
  async recordAll(units: readonly UnitOfWork[], manager?: Session): Promise<readonly Outcome[]> {
    const outer = manager ?? this.transactions.current();
    const outcomes = await (outer
      ? this.transactions.run((session) => this.executor.execute(session, units), outer)
      : this.groupCommit.submitAll(units));
    this.announceAll(units, outcomes, outer);
    return outcomes;
  }

  private announceAll(units: readonly UnitOfWork[], outcomes: readonly Outcome[], outer: Session | null): void {
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.error !== null) continue;
      this.announce(outcome.changes, outer);
      const types = units[index]?.commands ?? [];
      // Level debug: the request log contains writes by HTTP.
      for (const [position, change] of outcome.changes.entries()) {
        const message = change.replayed ? 'replayed' : 'recorded';
        this.logger.debug(() => ({ message, type: types[position]?.command.type, ...pickNumbers(change) }));
      }
    }
  }

  /** Calls `onRecorded` for each new change, after the COMMIT of the outer transaction (null: already committed). */
  announce(changes: readonly RecordedChange[], outer: Session | null): void {
    const { onRecorded } = this;
    const recorded = changes.filter(({ replayed }) => !replayed);
    if (!onRecorded || recorded.length === 0) return;
    const call = () => void Promise.all(recorded.map((change) => this.callOnRecorded(onRecorded, change)));
    if (outer) this.transactions.afterCommit(outer, call);
    else call();
  }

  private async callOnRecorded(onRecorded: OnRecorded, change: RecordedChange): Promise<void> {
    try {
      await onRecorded(change);
    } catch (error) {
      this.logger.error(`onRecorded failed for ${change.agent_type}: ${getErrorMessage(error)}`);
    }
  }
}

/** Changes of a single unit. */
function getChanges([outcome]: readonly Outcome[]): RecordedChange[] {
  if (!outcome) throw new Error('a unit of work without an outcome');
  if (outcome.error !== null) throw outcome.error;
  return outcome.changes;
}
