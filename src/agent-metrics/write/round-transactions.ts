import { Inject, Injectable } from '@nestjs/common';
import { awaitPipelined } from '../../database/client/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { type CommitBehind, type Session, TransactionRunner } from '../../database/transactions/index.js';
import { AgentCache } from './agent-cache.js';
import { CommandExecutor } from './command-executor.js';
import type { DecidedRound, Outcome } from './decided-round.js';
import type { Round } from './round.js';
import { RoundWriter } from './round-writer.js';
import { toAgentTypes } from './separate-commits.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Decides and writes the rounds of the group commit, each in one transaction. */
@Injectable()
export class RoundTransactions {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly executor: CommandExecutor,
    private readonly writer: RoundWriter,
    private readonly cache: AgentCache,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /**
   * Commits a round, and decides the following one meanwhile.
   *
   * @param takeFollowing takes the following round from the queue; null: none follows in the same lane
   */
  async commit(round: Round, takeFollowing: () => Round | null): Promise<readonly Outcome[]> {
    const { agents, outcomes } = await this.transactions.run(async (session, commitBehind) => {
      round.attempts++;
      if (round.following) round.following.ahead = null;
      const planned = this.plan(session);
      const unlocked = await this.decideUnlocked(session, round, planned);
      const decided = unlocked ?? (await awaitPipelined(planned, this.executor.decide(session, round.units)))[1];
      const following = (round.following ??= takeFollowing());
      const deciding = following && this.executor.decideUnlocked(session, following.units, decided);
      const isLocked = unlocked === null;
      const writing = this.write(session, decided, isLocked, planned, commitBehind);
      const [next] = await awaitPipelined(Promise.resolve(deciding), writing);
      if (following) following.ahead = next;
      return decided;
    });
    this.cache.put(agents);
    return outcomes;
  }

  /**
   * Decides a round on the expected result of the earlier one, or on cached agents, in its first attempt only. Null: it must be
   * decided on locked agents.
   */
  private async decideUnlocked(session: Session, round: Round, planned: Promise<void>): Promise<DecidedRound | null> {
    const { ahead, units } = round;
    round.ahead = null;
    if (ahead) return ahead;
    if (!this.storage.writesAtOnce) return null;
    const agentTypes = toAgentTypes(units);
    if (round.attempts > 1) {
      this.cache.remove(agentTypes, performance.now());
      return null;
    }
    const agents = this.cache.find(agentTypes, performance.now());
    if (!agents) return null;
    const deciding = this.executor.decideUnlocked(session, units, { agents, events: [] });
    return deciding.catch(async (error: unknown) => {
      await planned;
      throw error;
    });
  }

  /** Writes a round. If it is one statement, COMMIT is sent behind it, without a round trip of its own. */
  private async write(
    session: Session,
    round: DecidedRound,
    isLocked: boolean,
    planned: Promise<void>,
    commitBehind?: CommitBehind,
  ): Promise<void> {
    const { writer } = this;
    const atOnce = commitBehind ? writer.writeAtOnce(session, round) : null;
    if (atOnce) commitBehind?.(awaitPipelined(planned, atOnce));
    else await awaitPipelined(planned, isLocked ? writer.write(session, round) : writer.writeUnlocked(session, round));
  }

  /** Commits units whose agents are locked, without the cache. */
  async commitUnits(units: readonly UnitOfWork[]): Promise<Outcome[]> {
    return this.transactions.run(async (session) => {
      const [, outcomes] = await awaitPipelined(this.plan(session), this.executor.execute(session, units));
      return outcomes;
    });
  }

  private async plan(session: Session): Promise<void> {
    const { planningStatement } = this.storage;
    if (planningStatement !== null) await session.query(planningStatement);
  }
}
