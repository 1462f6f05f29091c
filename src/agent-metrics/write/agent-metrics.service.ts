import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { agentNotFound, type Page, type PageRequest } from '../../common/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import {
  type AdversarialTestResult,
  type Command,
  type CustodyTestResult,
  DEFAULT_AGENT_TYPES,
  type EventPayloads,
  type ImportData,
  type LearningData,
  type RowUpdate,
} from '../../progression/index.js';
import type { AgentCommand, RecordedChange, UnitOfWork } from './agent-command.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentMetricsQueries } from '../read/agent-metrics.queries.js';
import { CommandExecutor } from './command-executor.js';
import { type CustodyMetrics, toCustodyMetrics } from '../read/custody-metrics.js';
import { GroupCommit } from './group-commit.js';
import { toRequestIdentity } from './request-identity.js';
import { validActor } from './valid-actor.js';
import type { BulkWriteOptions, WriteOptions } from './write-options.js';
import { pickNumbers } from './write-remarks.js';

/**
 * Keeps the score of all agents. Every write appends an event to the ledger and updates the agent's row in one
 * transaction, which writes that arrive together share; when its promise resolves, it is committed.
 *
 * All writes take WriteOptions as their last argument: the EntityManager of your own transaction, which the write then
 * joins, and holds when yours commits; a key that makes a write that is sent again happen once; the version that the
 * agent must have.
 *
 * All methods throw DomainError: `agent_not_found`; `validation_failed` (an agent type that can't be created, a key that
 * can't be one); `rule_violated` (what would contradict the rules, with each field and reason); `precondition_failed`;
 * `idempotency_key_reused`; and, to be tried again, `overloaded`, `write_conflict` and `database_unavailable`. Only after
 * the last it is unknown whether a write took effect: send it again with its key.
 *
 * Within a transaction of your own always hand over its manager: a write that doesn't join it would wait for the rows
 * that it holds, and others with it, until the lock times out.
 */
@Injectable()
export class AgentMetricsService {
  private readonly logger = new Logger(AgentMetricsService.name);

  constructor(
    private readonly queries: AgentMetricsQueries,
    private readonly groupCommit: GroupCommit,
    private readonly executor: CommandExecutor,
    private readonly transactions: TransactionRunner,
  ) {}

  /** All metrics of an agent. */
  async getAgentMetrics(agentType: string): Promise<AgentMetrics> {
    const agent = await this.queries.find(agentType);
    if (!agent) throw agentNotFound(agentType);
    return agent;
  }

  /** Agents in the order of their creation, at most `limit` (1–1,000, by default 1,000) at a time. */
  async getAllAgentMetrics(page: PageRequest = {}): Promise<Page<AgentMetrics>> {
    return this.queries.list(page);
  }

  /** What the custody protocol knows of an agent. */
  async getCustodyMetrics(agentType: string): Promise<CustodyMetrics> {
    return toCustodyMetrics(await this.getAgentMetrics(agentType));
  }

  /** Sets the columns that are named, and what follows from them. Creates the agent when it doesn't exist. */
  async createOrUpdateAgentMetrics(
    agentType: string,
    data: RowUpdate,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'update', data }, options);
  }

  /** As createOrUpdateAgentMetrics, but for existing agents only. */
  async updateSpecificMetrics(agentType: string, updates: RowUpdate, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'update', data: updates, mustExist: true }, options);
  }

  /** Records the result of a custody test. */
  async updateCustodyTestResult(
    agentType: string,
    result: CustodyTestResult,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_test', data: result }, options);
  }

  /** Records the result of an adversarial test, which is passed at the pass mark. */
  async updateAdversarialTestResult(
    agentType: string,
    result: AdversarialTestResult,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'adversarial_test', data: result }, options);
  }

  /** Records what an agent learned. */
  async updateLearningMetrics(agentType: string, data: LearningData, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'learning', data }, options);
  }

  /** Adds custody XP to an existing agent, or takes it (below 0); the custody level is recomputed. Never below 0. */
  async updateCustodyXp(agentType: string, amount: number, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_xp', data: { amount } }, options);
  }

  /** As createOrUpdateAgentMetrics for many agents: all of the updates take effect, or none. */
  async bulkUpdateMetrics(
    updates: Readonly<Record<string, RowUpdate>>,
    options?: BulkWriteOptions,
  ): Promise<RecordedChange[]> {
    const commands = Object.entries(updates).map(([agentType, data]): AgentCommand => ({
      agentType,
      command: { type: 'update', data },
      path: `updates.${agentType}.`,
    }));
    return this.recordAll(commands, options);
  }

  /** Puts an existing agent back to its defaults. Its ledger stays, and knows all that was. */
  async resetAgentMetrics(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'reset' }, options);
  }

  /**
   * Puts what tests made of an existing agent back to the defaults: counters, streaks, rates, times, history, custody XP,
   * custody level, difficulty and adversarial wins. General XP, level and learning stay, and the ledger knows all that was.
   */
  async resetCustodyMetrics(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_reset' }, options);
  }

  /**
   * Takes over an agent as it was elsewhere, under whatever name it had there. One that exists gets its columns, and keeps
   * its id and the time of its creation. The ledger keeps what the agent was made of.
   */
  async importAgentMetrics(agentType: string, data: ImportData, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'import', data }, options);
  }

  /**
   * The change that this request made before, by its `idempotencyKey` and `request`; null when it has made none.
   *
   * @throws DomainError `idempotency_key_reused` when the key belongs to another request
   */
  async findRecordedChange(
    agentType: string,
    { idempotencyKey, request }: Pick<WriteOptions, 'idempotencyKey' | 'request'>,
  ): Promise<RecordedChange | null> {
    if (idempotencyKey === undefined) return null;
    const identity = toRequestIdentity(idempotencyKey, [], request);
    return this.transactions.read((manager) => this.executor.findRecorded(manager, agentType, identity));
  }

  /** The result of the custody test that made this version of the agent. */
  async getRecordedTest(agentType: string, version: number): Promise<EventPayloads['custody_test']> {
    const event = await this.transactions.read((manager) => this.executor.findEvent(manager, agentType, version));
    if (event?.type !== 'custody_test') throw new Error(`version ${version} was not made by a custody test`);
    return event.payload;
  }

  /** Creates those of the default agents that don't exist, and returns their types. */
  async createDefaultAgents(): Promise<string[]> {
    const commands = DEFAULT_AGENT_TYPES.map((agentType): AgentCommand => ({ agentType, command: { type: 'create' } }));
    const changes = await this.groupCommit.submit({ commands, request: null, actor: null });
    const created = changes.filter((change) => change.created).map(({ agent_type }) => agent_type);
    for (const agent_type of created) this.logger.log({ message: 'default agent created', agent_type });
    return created;
  }

  private async record(agentType: string, command: Command, options: WriteOptions = {}): Promise<RecordedChange> {
    const { precondition } = options;
    const [change] = await this.recordAll([{ agentType, command, precondition }], options);
    if (!change) throw new Error('a command without its change');
    return change;
  }

  private async recordAll(
    commands: readonly AgentCommand[],
    { manager, idempotencyKey, request: asked, actor }: BulkWriteOptions = {},
  ): Promise<RecordedChange[]> {
    const request = idempotencyKey === undefined ? null : toRequestIdentity(idempotencyKey, commands, asked);
    const unit = { commands, request, actor: actor === undefined ? null : validActor(actor) };
    const changes = await (manager ? this.join(unit, manager) : this.groupCommit.submit(unit));
    // A write by HTTP has it in the request's line.
    for (const [index, change] of changes.entries()) {
      const message = change.replayed ? 'replayed' : 'recorded';
      this.logger.debug(() => ({ message, type: commands[index]?.command.type, ...pickNumbers(change) }));
    }
    return changes;
  }

  private async join(unit: UnitOfWork, outer: EntityManager): Promise<RecordedChange[]> {
    const [outcome] = await this.transactions.run((manager) => this.executor.execute(manager, [unit]), outer);
    if (!outcome) throw new Error('a unit of work without an outcome');
    if (outcome.error !== null) throw outcome.error;
    return outcome.changes;
  }
}
