import { Inject, Injectable } from '@nestjs/common';
import { agentNotFound, agentRenamed, Clock, validationFailed } from '../../../common/index.js';
import { STORAGE_FORM, type StorageForm } from '../../../database/storage/index.js';
import { type Session, TransactionRunner } from '../../../database/transactions/index.js';
import { LedgerRepository, type SealedEvent } from '../../../ledger/index.js';
import type { AgentState, Command, Precondition } from '../../../progression/index.js';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../../settings.js';
import { AgentMetricsRepository } from '../../store/agent-metrics.repository.js';
import { AgentLocker, type LockedAgents } from '../agent-locker.js';
import { CommandExecutor } from '../command-executor.js';
import { decideSealed } from '../decide-sealed.js';
import { rejectionError } from '../errors.js';
import { Recorder } from '../recorder.js';
import { findLevelUps, type RecordedChange, toRecordedChange } from '../unit-of-work.js';
import type { WorkingAgent } from '../working-agent.js';
import { type RequestIdentity, toRequestIdentity, type WriteOptions } from '../write-options.js';
import { addAlias } from './aliases.js';

/** A decided command of one of the two agents. */
interface Decided {
  state: AgentState;
  agent: WorkingAgent;
  sealed: SealedEvent[];
  newest: SealedEvent;
}

/**
 * Merges agents. The source's hash chain ends with the event `merged_into`; the target's continues with `merged`, which
 * contains the source's state and the hash of its last event. The source's row is deleted, and its rollups are added to
 * the target's.
 */
@Injectable()
export class MergeAgents {
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

  /**
   * @param options parsed; the precondition is that of the source
   * @returns the change of the target
   */
  async merge(from: string, into: string, options: WriteOptions): Promise<RecordedChange> {
    if (from === into) throw validationFailed([{ field: 'into', detail: 'must be another agent' }]);
    const outer = options.manager ?? this.transactions.current() ?? undefined;
    const change = await this.transactions.run((session) => this.mergeIn(session, from, into, options), outer);
    this.recorder.announce([change], outer ?? null);
    return change;
  }

  private async mergeIn(session: Session, from: string, into: string, options: WriteOptions): Promise<RecordedChange> {
    const { idempotencyKey, request: asked, precondition } = options;
    const command = { type: 'merge_into', data: { into } } as const;
    const request =
      idempotencyKey === undefined ? null : toRequestIdentity(idempotencyKey, [{ agentType: from, command }], asked);
    const locked = await this.locker.lockAgents(session, [from, into]);
    if (request) {
      const current = locked.aliases.get(from) ?? locked.aliases.get(into) ?? into;
      const earlier = await this.executor.findRecorded(session, current, request);
      if (earlier) return earlier;
    }
    const source = findAgent(locked, from);
    const target = findAgent(locked, into);
    const actor = options.actor ?? null;
    const ended = this.decide(from, source, command, precondition, actor, null);
    const head = ended.newest.hash.toString('hex');
    const data = { agent: { ...ended.state, agent_type: from }, head };
    const merged = this.decide(into, target, { type: 'merge', data }, undefined, actor, request);
    await this.agents.remove(session, from, source.head && source.state);
    await this.agents.save(session, merged.agent.rowChange());
    await this.ledger.append(session, [...ended.sealed, ...merged.sealed]);
    await this.storage.moveTestRollups(session, from, into);
    await addAlias(session, from, into, 'merged');
    return toRecordedChange(merged.newest, false, findLevelUps(target.state, merged.state));
  }

  private decide(
    agentType: string,
    agent: WorkingAgent,
    command: Command,
    precondition: Precondition | undefined,
    actor: string | null,
    request: RequestIdentity | null,
  ): Decided {
    const provenance = { actor, idempotency_key: request?.key ?? null, request_hash: request?.hash ?? null };
    const surroundings = { now: this.clock.now(), rules: this.settings.rules };
    const decision = decideSealed(agentType, agent, command, precondition, provenance, surroundings);
    if (decision.rejected) throw rejectionError([{ agentType, path: '', rejection: decision.rejected }]);
    const newest = decision.sealed.at(-1);
    if (!newest) throw new Error('a merge without its event');
    return { ...decision, newest };
  }
}

function findAgent({ agents, aliases }: LockedAgents, agentType: string): WorkingAgent {
  const agent = agents.get(agentType);
  if (agent) return agent;
  const current = aliases.get(agentType);
  throw current === undefined ? agentNotFound(agentType) : agentRenamed(agentType, current);
}
