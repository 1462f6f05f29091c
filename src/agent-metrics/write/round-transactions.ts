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
import type { WorkingAgent } from './working-agent.js';

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
    const { decided, written } = await this.transactions.run(async (session, commitBehind) => {
      round.attempts++;
      if (round.following) round.following.ahead = null;
      const planned = this.plan(session);
      const unlocked = await this.decideUnlocked(session, round, planned);
      const decided = unlocked ?? (await awaitPipelined(planned, this.executor.decide(session, round.units)))[1];
      const following = (round.following ??= takeFollowing());
      const deciding = following && this.decideAhead(session, following, decided);
      const writing = this.write(session, decided, unlocked === null, planned, commitBehind);
      const [ahead, written] = await awaitPipelined(Promise.resolve(deciding), writing);
      if (following) following.ahead = ahead;
      return { decided, written };
    });
    this.cache.put(decided, written && (await written.rowXmin));
    return decided.outcomes;
  }

  /**
   * Decides a round on the expected result of the earlier one, or on cached agents, in its first attempt only. Null: it must be
   * decided on locked agents.
   */
  private async decideUnlocked(session: Session, round: Round, planned: Promise<void>): Promise<DecidedRound | null> {
    const { ahead, units } = round;
    round.ahead = null;
    if (ahead) return ahead;
    const agentTypes = toAgentTypes(units);
    if (round.attempts > 1) {
      this.cache.remove(agentTypes, performance.now());
      return null;
    }
    const agents = this.cache.find(agentTypes, performance.now());
    if (!agents) return null;
    return this.executor.decideUnlocked(session, units, agents).catch(async (error: unknown) => {
      await planned;
      throw error;
    });
  }

  /** Decides the round that follows another one, on its expected result. */
  private async decideAhead(session: Session, { units }: Round, earlier: DecidedRound): Promise<DecidedRound | null> {
    const expected = new Map<string, WorkingAgent>();
    for (const [agentType, agent] of earlier.agents) {
      const committed = agent.afterCommit(null);
      if (committed) expected.set(agentType, committed);
    }
    return this.executor.decideUnlocked(session, units, expected, earlier.events);
  }

  /**
   * Writes a round. If it is one statement, COMMIT is sent behind it, without a round trip of its own.
   *
   * @returns the result of the one statement; null if there were several
   */
  private async write(
    session: Session,
    round: DecidedRound,
    isLocked: boolean,
    planned: Promise<void>,
    commitBehind?: CommitBehind,
  ): Promise<{ rowXmin: Promise<string> } | null> {
    const { writer } = this;
    const rowXmin = writer.writeAtOnce(session, round);
    if (!rowXmin) {
      await awaitPipelined(planned, isLocked ? writer.write(session, round) : writer.writeUnlocked(session, round));
      return null;
    }
    const writing = awaitPipelined(planned, rowXmin);
    if (commitBehind) commitBehind(writing);
    else await writing;
    return { rowXmin };
  }

  /** Commits units whose agents are locked, without the cache. */
  async commitUnits(units: readonly UnitOfWork[]): Promise<Outcome[]> {
    return this.transactions.run(async (session) => {
      const [, outcomes] = await awaitPipelined(this.plan(session), this.executor.execute(session, units));
      return outcomes;
    });
  }

  /** Sends the settings of a round. Their failure is that of the next statements, too. */
  private plan(session: Session): Promise<void> {
    const { planningStatement } = this.storage;
    if (planningStatement === null) return Promise.resolve();
    const planned = session.query<unknown>(planningStatement).then(() => undefined);
    // It may fail before it is awaited.
    planned.catch(() => undefined);
    return planned;
  }
}
