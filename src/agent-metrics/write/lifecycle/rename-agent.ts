import { Inject, Injectable } from '@nestjs/common';
import { agentNotFound, agentRenamed, Clock, validationFailed } from '../../../common/index.js';
import { ConcurrentChangeError, CONSTRAINTS, violatesUnique } from '../../../database/errors/index.js';
import { STORAGE_FORM, type StorageForm } from '../../../database/storage/index.js';
import { type Session, TransactionRunner } from '../../../database/transactions/index.js';
import { LedgerRepository } from '../../../ledger/index.js';
import { isAgentTypeForNew } from '../../../progression/index.js';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../../settings.js';
import { AgentMetricsRepository } from '../../store/agent-metrics.repository.js';
import { AgentLocker } from '../agent-locker.js';
import { CommandExecutor } from '../command-executor.js';
import { decideSealed } from '../decide-sealed.js';
import { agentExists, agentTypeError, rejectionError } from '../errors.js';
import { Recorder } from '../recorder.js';
import { NO_LEVEL_UPS, type RecordedChange, toRecordedChange } from '../unit-of-work.js';
import { toRequestIdentity, type WriteOptions } from '../write-options.js';
import { addAlias, isEarlierName, removeAlias } from './aliases.js';

/**
 * Renames agents. The event `renamed` is appended under the old name; then the row, the events and the rollups are stored
 * under the new name, in the same transaction. An agent can have a name again that it had before.
 */
@Injectable()
export class RenameAgent {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly executor: CommandExecutor,
    private readonly locker: AgentLocker,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
    @Inject(AGENT_METRICS_SETTINGS) private readonly settings: AgentMetricsSettings,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /** @param options parsed */
  async rename(from: string, to: string, options: WriteOptions): Promise<RecordedChange> {
    if (!isAgentTypeForNew(to)) throw validationFailed([agentTypeError({ agentType: to, path: '' })]);
    if (from === to) throw validationFailed([{ field: 'agent_type', detail: 'must differ from the present name' }]);
    const outer = options.manager ?? this.transactions.current() ?? undefined;
    const change = await this.transactions.run(async (session) => {
      return this.renameIn(session, from, to, options);
    }, outer);
    this.recorder.announce([change], outer ?? null);
    return change;
  }

  private async renameIn(session: Session, from: string, to: string, options: WriteOptions): Promise<RecordedChange> {
    const { idempotencyKey, request: asked, actor = null } = options;
    const command = { type: 'rename', data: { to } } as const;
    const request =
      idempotencyKey === undefined ? null : toRequestIdentity(idempotencyKey, [{ agentType: from, command }], asked);
    const { agents, aliases } = await this.locker.lockAgents(session, [from, to]);
    const current = aliases.get(from);
    const agent = agents.get(from);
    if (request) {
      const earlier = await this.executor.findRecorded(session, current ?? from, request);
      if (earlier) return earlier;
    }
    if (!agent) throw current === undefined ? agentNotFound(from) : agentRenamed(from, current);
    const isBack = aliases.get(to) === from && (await isEarlierName(session, to, from));
    if (agents.has(to) || (aliases.has(to) && !isBack)) throw agentExists(to);
    const provenance = { actor, idempotency_key: request?.key ?? null, request_hash: request?.hash ?? null };
    const surroundings = { now: this.clock.now(), rules: this.settings.rules };
    const decision = decideSealed(from, agent, command, options.precondition, provenance, surroundings);
    if (decision.rejected) throw rejectionError([{ agentType: from, path: '', rejection: decision.rejected }]);
    const { sealed } = decision;
    const newest = sealed.at(-1);
    if (!newest) throw new Error('a rename without its event');
    // The row has the old name until all rows are stored under the new one.
    const named = agent.after({ ...decision.state, agent_type: from }, sealed);
    await this.agents.save(session, named.rowChange());
    await this.ledger.append(session, sealed);
    await this.rekey(session, from, to, newest.hash);
    if (isBack) await removeAlias(session, to);
    await addAlias(session, from, to, 'renamed');
    return { ...toRecordedChange(newest, false, NO_LEVEL_UPS), agent_type: to };
  }

  private async rekey(session: Session, from: string, to: string, head: Buffer): Promise<void> {
    try {
      await this.storage.rekeyAgent(session, from, to, head);
    } catch (error) {
      const isTaken = [CONSTRAINTS.agentTypeUnique, CONSTRAINTS.eventKey].some((each) => violatesUnique(error, each));
      if (isTaken) throw new ConcurrentChangeError(`${to} was created by another transaction`, { cause: error });
      throw error;
    }
  }
}
