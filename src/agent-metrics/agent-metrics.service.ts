import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { agentNotFound } from '../common/domain-error.js';
import type { Page, PageRequest } from '../common/page.js';
import { TransactionRunner } from '../database/transaction-runner.js';
import { DEFAULT_AGENT_TYPES } from '../progression/agent-type.js';
import type {
  AdversarialTestResult,
  Command,
  CustodyTestResult,
  LearningData,
  MetricsUpdate,
} from '../progression/commands.js';
import type { AgentCommand, RecordedChange } from './agent-command.js';
import type { AgentMetrics } from './agent-metrics.entity.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { CommandExecutor } from './command-executor.js';
import { type CustodyMetrics, custodyMetricsOf } from './custody-metrics.js';
import { GroupCommit } from './group-commit.js';

/**
 * Keeps the score of all agents. Every write appends an event to the ledger and updates the agent's row in one
 * transaction, which writes that arrive together share; when its promise resolves, it is committed.
 *
 * All writes take an EntityManager as their last argument: with the one of your own transaction the write joins that
 * transaction, and holds when yours commits.
 *
 * All methods throw DomainError: `agent_not_found`; `validation_failed` (an agent type that can't be created);
 * `rule_violated` (what would contradict the rules, with each field and reason); and, to be
 * tried again, `overloaded`, `write_conflict` and `database_unavailable`. Within a transaction of your own always hand
 * over its manager: a write that doesn't join it would wait for the rows that it holds, and all other writes with it.
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
    return custodyMetricsOf(await this.getAgentMetrics(agentType));
  }

  /** Sets the columns that are named, and what follows from them. Creates the agent when it doesn't exist. */
  async createOrUpdateAgentMetrics(
    agentType: string,
    data: MetricsUpdate,
    manager?: EntityManager,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'update', data }, manager);
  }

  /** As createOrUpdateAgentMetrics, but for existing agents only. */
  async updateSpecificMetrics(
    agentType: string,
    updates: MetricsUpdate,
    manager?: EntityManager,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'update', data: updates, mustExist: true }, manager);
  }

  /** Records the result of a custody test. */
  async updateCustodyTestResult(
    agentType: string,
    result: CustodyTestResult,
    manager?: EntityManager,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_test', data: result }, manager);
  }

  /** Records the result of an adversarial test, which is passed at the pass mark. */
  async updateAdversarialTestResult(
    agentType: string,
    result: AdversarialTestResult,
    manager?: EntityManager,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'adversarial_test', data: result }, manager);
  }

  /** Records what an agent learned. */
  async updateLearningMetrics(agentType: string, data: LearningData, manager?: EntityManager): Promise<RecordedChange> {
    return this.record(agentType, { type: 'learning', data }, manager);
  }

  /** Adds custody XP to an existing agent, or takes it (below 0); the custody level is recomputed. Never below 0. */
  async updateCustodyXp(agentType: string, amount: number, manager?: EntityManager): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_xp', data: { amount } }, manager);
  }

  /** As createOrUpdateAgentMetrics for many agents: all of the updates take effect, or none. */
  async bulkUpdateMetrics(
    updates: Readonly<Record<string, MetricsUpdate>>,
    manager?: EntityManager,
  ): Promise<RecordedChange[]> {
    const commands = Object.entries(updates).map(([agentType, data]): AgentCommand => ({
      agentType,
      command: { type: 'update', data },
      path: `updates.${agentType}.`,
    }));
    return this.recordAll(commands, manager);
  }

  /** Puts an existing agent back to its defaults. Its ledger stays, and knows all that was. */
  async resetAgentMetrics(agentType: string, manager?: EntityManager): Promise<RecordedChange> {
    return this.record(agentType, { type: 'reset' }, manager);
  }

  /** Creates those of the default agents that don't exist. */
  async createDefaultAgents(): Promise<void> {
    const commands = DEFAULT_AGENT_TYPES.map((agentType): AgentCommand => ({ agentType, command: { type: 'create' } }));
    const changes = await this.groupCommit.submit(commands);
    for (const { agent_type } of changes.filter(({ created }) => created)) {
      this.logger.log({ message: 'default agent created', agent_type });
    }
  }

  private async record(agentType: string, command: Command, manager?: EntityManager): Promise<RecordedChange> {
    const [change] = await this.recordAll([{ agentType, command }], manager);
    if (!change) throw new Error('a command without its change');
    return change;
  }

  private async recordAll(commands: readonly AgentCommand[], outer?: EntityManager): Promise<RecordedChange[]> {
    const changes = await (outer ? this.join(commands, outer) : this.groupCommit.submit(commands));
    for (const [index, { agent_type, version, metrics }] of changes.entries()) {
      const { xp, level, custody_xp, custody_level } = metrics;
      const type = commands[index]?.command.type;
      this.logger.log({ message: 'recorded', type, agent_type, version, xp, level, custody_xp, custody_level });
    }
    return changes;
  }

  private async join(commands: readonly AgentCommand[], outer: EntityManager): Promise<RecordedChange[]> {
    const [outcome] = await this.transactions.run((manager) => this.executor.execute(manager, [commands]), outer);
    if (!outcome) throw new Error('a unit of work without an outcome');
    if (outcome.error !== null) throw outcome.error;
    return outcome.changes;
  }
}
