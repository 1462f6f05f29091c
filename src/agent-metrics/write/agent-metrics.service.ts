import { Injectable, Logger } from '@nestjs/common';
import {
  AgentAccess,
  agentNotFound,
  copyJson,
  DomainError,
  type Page,
  type PageRequest,
  ThrowsDomainErrors,
  validationFailed,
  type WithTimes,
} from '../../common/index.js';
import { assertAgentType } from '../../http/parameters/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import {
  type AdversarialTestResult,
  type Command,
  type CustodyTestResult,
  DEFAULT_AGENT_TYPES,
  type EventPayloads,
  type ImportData,
  INTEGER_MAX,
  type LearningData,
  type RowUpdate,
} from '../../progression/index.js';
import { AdversarialTestArgument } from '../requests/adversarial-test.dto.js';
import { ImportArgument } from '../requests/agent-import.dto.js';
import { BulkUpdateArgument } from '../requests/bulk-update.dto.js';
import { CustodyTestArgument } from '../requests/custody-test.dto.js';
import { CustodyXpArgument } from '../requests/custody-xp.dto.js';
import { MergeArgument } from '../requests/merge.dto.js';
import { NewNameArgument } from '../requests/new-name.dto.js';
import { EraseArgument, type EraseRequest } from '../requests/erase.dto.js';
import { LearningArgument } from '../requests/learning.dto.js';
import { RowUpdateArgument } from '../requests/row-update.dto.js';
import type { ParsedItem, TestResultItem } from '../requests/test-result-item.dto.js';
import { toVoidData, type VoidRequest } from '../requests/void.dto.js';
import type { AgentCommand, RecordedChange } from './unit-of-work.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentMetricsQueries } from '../read/agent-metrics.queries.js';
import { CommandExecutor } from './command-executor.js';
import { type CustodyMetrics, toCustodyMetrics } from '../read/custody-metrics.js';
import { EraseAgent, type ErasedAgent } from './lifecycle/erase-agent.js';
import { MergeAgents } from './lifecycle/merge-agents.js';
import { RenameAgent } from './lifecycle/rename-agent.js';
import { GroupCommit } from './group-commit.js';
import { Recorder } from './recorder.js';
import { VoidingReader } from './voiding-reader.js';
import {
  assertBatchSize,
  type ItemOutcome,
  parseAllItems,
  parseItems,
  toAtomicUnit,
  toOutcomes,
  toUnits,
} from './result-batch.js';
import {
  type BatchOptions,
  type BulkWriteOptions,
  parseBulkWriteOptions,
  parseWriteOptions,
  toRequestIdentity,
  type WriteOptions,
} from './write-options.js';

/**
 * Reads and writes the metrics of agents. Each write appends an event to the ledger and updates the agent's row in one
 * transaction. Concurrent writes may share a transaction. A write is committed when its promise resolves.
 *
 * All writes accept WriteOptions: the EntityManager of the caller's transaction, which the write joins; an idempotency
 * key; a precondition on the agent's version.
 *
 * Arguments are validated by the rules of the corresponding HTTP request: nothing is coerced, unknown fields are refused.
 * They are read once, as JSON.stringify does; a time may be a Date or ISO 8601 text. Nothing is recorded if one is invalid.
 *
 * All methods throw DomainError only: `agent_not_found`; `validation_failed` (with each field and reason; `agent_type`,
 * `Idempotency-Key`, `actor`, `precondition`, `manager` or `options` if it is not a field of the data); `payload_too_large`;
 * `rule_violated` (with each field and reason); `precondition_failed`; `idempotency_key_reused`; the retryable errors
 * `overloaded`, `write_conflict` and `database_unavailable`; and `internal_error` with the unexpected error as its cause.
 * After `database_unavailable` the outcome of a write is unknown: repeat it with the same idempotency key.
 *
 * Within a transaction of the caller, always pass its manager. Otherwise the write waits for row locks of that
 * transaction until the lock timeout, and blocks other writes.
 */
@Injectable()
@ThrowsDomainErrors()
export class AgentMetricsService {
  private readonly logger = new Logger(AgentMetricsService.name);

  constructor(
    private readonly queries: AgentMetricsQueries,
    private readonly recorder: Recorder,
    private readonly voidings: VoidingReader,
    private readonly groupCommit: GroupCommit,
    private readonly executor: CommandExecutor,
    private readonly transactions: TransactionRunner,
    private readonly renaming: RenameAgent,
    private readonly merging: MergeAgents,
    private readonly erasing: EraseAgent,
  ) {}

  /** Returns all metrics of an agent. */
  async getAgentMetrics(agentType: string): Promise<AgentMetrics> {
    const agent = await this.queries.find(agentType);
    if (!agent) throw agentNotFound(agentType);
    return agent;
  }

  /** Lists agents in order of creation. `limit`: 1–1,000, default 1,000. */
  async getAllAgentMetrics(page: PageRequest = {}): Promise<Page<AgentMetrics>> {
    return this.queries.list(page);
  }

  /** Returns the custody metrics of an agent. */
  async getCustodyMetrics(agentType: string): Promise<CustodyMetrics> {
    return toCustodyMetrics(await this.getAgentMetrics(agentType));
  }

  /** Sets columns and recomputes omitted derived columns. Creates the agent if it does not exist. */
  async createOrUpdateAgentMetrics(
    agentType: string,
    data: RowUpdate,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    return this.record(agentType, { type: 'update', data: parseArgument(data, RowUpdateArgument) }, options);
  }

  /** Like `createOrUpdateAgentMetrics`, but for existing agents only. */
  async updateSpecificMetrics(agentType: string, updates: RowUpdate, options?: WriteOptions): Promise<RecordedChange> {
    const data = parseArgument(updates, RowUpdateArgument);
    return this.record(agentType, { type: 'update', data, mustExist: true }, options);
  }

  /** Records the result of a custody test. */
  async updateCustodyTestResult(
    agentType: string,
    result: WithTimes<CustodyTestResult>,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    const data = parseArgument(result, CustodyTestArgument);
    return this.record(agentType, { type: 'custody_test', data }, options);
  }

  /** Records the result of an adversarial test. Passed if the score is at least the pass mark. */
  async updateAdversarialTestResult(
    agentType: string,
    result: WithTimes<AdversarialTestResult>,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    const data = parseArgument(result, AdversarialTestArgument);
    return this.record(agentType, { type: 'adversarial_test', data }, options);
  }

  /** Records the result of learning. */
  async updateLearningMetrics(agentType: string, data: LearningData, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'learning', data: parseArgument(data, LearningArgument) }, options);
  }

  /** Adds custody XP to an existing agent; a negative amount subtracts, minimum 0. Recomputes the custody level. */
  async updateCustodyXp(agentType: string, amount: number, options?: WriteOptions): Promise<RecordedChange> {
    const data = parseArgument(amount, CustodyXpArgument);
    return this.record(agentType, { type: 'custody_xp', data }, options);
  }

  /** Like `createOrUpdateAgentMetrics` for several agents; all updates are committed, or none. */
  async bulkUpdateMetrics(
    updates: Readonly<Record<string, RowUpdate>>,
    options?: BulkWriteOptions,
  ): Promise<RecordedChange[]> {
    const commands = Object.entries(parseArgument(updates, BulkUpdateArgument)).map(
      ([agentType, data]): AgentCommand => ({
        agentType,
        command: { type: 'update', data },
        path: `updates.${agentType}.`,
      }),
    );
    return this.recordAll(commands, parseBulkWriteOptions(options));
  }

  /**
   * Records the results of tests of any agents, up to 1,000, in one transaction and in order. The fast way: much cheaper than
   * single results. Each item has its own id, the idempotency key of the result.
   *
   * @param options `atomic`: all results are recorded, or none. Default: each result is recorded or refused independently
   * @returns the outcome of each item, in the same order
   * @throws DomainError `validation_failed` if the list is empty or too long; for `atomic` also the reason why an item is
   *   refused, with fields such as `3.score`
   */
  async recordResults(
    results: readonly TestResultItem[],
    { atomic = false, access = AgentAccess.ALL, ...options }: BatchOptions = {},
  ): Promise<ItemOutcome[]> {
    const { manager, actor = null } = parseBulkWriteOptions(options);
    const items = copyItems(results);
    if (atomic) {
      const parsed = parseAllItems(items, access);
      const changes = await this.recorder.record(toAtomicUnit(parsed, actor), manager);
      return toOutcomes(
        items,
        parsed,
        changes.map((change) => ({ error: null, changes: [change] })),
        access,
      );
    }
    const parsed = parseItems(items, access);
    const units = toUnits(
      parsed.filter((item): item is ParsedItem => !(item instanceof DomainError)),
      actor,
    );
    return toOutcomes(items, parsed, units.length === 0 ? [] : await this.recorder.recordAll(units, manager), access);
  }

  /**
   * Voids an event: the agent's row, windows, levels, rollups and gates are then what they would be without it; the ledger
   * retains both. A replacement is recorded in the same transaction. The time grows with the number of the agent's events;
   * most of it passes before the agent is locked. Values that were decided when later events were recorded, such as the
   * difficulty of a test, do not change.
   *
   * @param version version of a test, learning, custody XP or update
   * @throws DomainError also `event_not_found`; `rule_violated` if the event cannot be voided or was voided
   */
  async voidEvent(
    agentType: string,
    version: number,
    data: VoidRequest,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    assertAgentType(agentType);
    assertVersion(version);
    const { precondition, manager, idempotencyKey, request: asked, actor = null } = parseWriteOptions(options);
    const body = copyJson(data);
    const outer = manager ?? this.transactions.current();
    const read: <T>(work: (session: Session) => Promise<T>) => Promise<T> = (work) =>
      outer ? this.transactions.run(work, outer) : this.transactions.read(work);
    const event = await read((session) => this.executor.findEvent(session, agentType, version));
    const command: Command = { type: 'void', data: toVoidData(body, version, event) };
    const prepared = await this.voidings.prepare(agentType, version, read);
    const commands: AgentCommand[] = [{ agentType, command, precondition, prepared }];
    const request = idempotencyKey === undefined ? null : toRequestIdentity(idempotencyKey, commands, asked);
    const [change] = await this.recorder.recordAlone({ commands, request, actor }, manager);
    if (!change) throw new Error('a command without its change');
    return change;
  }

  /** Resets an existing agent to its defaults. Ledger history is retained. */
  async resetAgentMetrics(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'reset' }, options);
  }

  /**
   * Resets the custody columns of an existing agent: test counters, streaks, rates, test times, test history, custody
   * XP, custody level, difficulty and adversarial wins. General XP, level and learning are retained, as is ledger
   * history.
   */
  async resetCustodyMetrics(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'custody_reset' }, options);
  }

  /**
   * Imports an agent. Any agent type is accepted. An existing agent is overwritten, but keeps its id and created_at.
   * The ledger stores the source records.
   */
  async importAgentMetrics(agentType: string, data: ImportData, options?: WriteOptions): Promise<RecordedChange> {
    return this.record(agentType, { type: 'import', data: parseArgument(data, ImportArgument) }, options);
  }

  /**
   * Renames an existing agent. History, rollups and idempotency keys are those of the new name, and the hash chain continues.
   * Reads of the old name are redirected by the REST API; writes to it are refused with `agent_renamed`. The old name is not
   * available to other agents; the agent itself can have it again. Takes a time proportional to the number of events, during
   * which other writes to the agent wait.
   *
   * @param to new name, valid for a new agent
   * @throws DomainError also `agent_exists` if another agent has, or had, the new name; `agent_renamed` if the agent was renamed
   */
  async renameAgent(agentType: string, to: string, options?: WriteOptions): Promise<RecordedChange> {
    assertAgentType(agentType);
    const { agent_type } = parseArgument(to, NewNameArgument);
    return this.renaming.rename(agentType, agent_type, parseWriteOptions(options));
  }

  /**
   * Merges an existing agent into another one: counters, XP, results and rollups are those of one agent that had both.
   * Learning scores are those of the agent that learned last; identity, status, priority, `is_active`, capabilities and
   * config are the target's. Both hash chains are retained. Afterwards reads of the merged name are redirected by the REST
   * API, and writes to it are refused with `agent_renamed`. Cannot be undone.
   *
   * @param agentType agent that is merged; the precondition is on its version
   * @param into agent that it is merged into
   * @returns the change of `into`
   * @throws DomainError also `agent_renamed` if one of the agents was renamed or merged; `rule_violated` if a counter would
   *   exceed its range
   */
  async mergeAgents(agentType: string, into: string, options?: WriteOptions): Promise<RecordedChange> {
    assertAgentType(agentType);
    const target = parseArgument(into, MergeArgument).into;
    return this.merging.merge(agentType, target, parseWriteOptions(options));
  }

  /**
   * Erases an agent permanently: its row, events, rollups and earlier names, and its name in the limits of API keys. A tombstone
   * without the name remains. The name is available afterwards. Statistics of the tables are updated in the background after
   * the COMMIT; copies in backups, replicas' WAL and exports are not affected.
   *
   * @param request `agent_type` repeats the name; `reason`: 1 to 500 characters, must not contain a name of the agent
   * @param options an `idempotencyKey` has no effect: an agent that was erased is not found
   * @throws DomainError also `agent_renamed` if the agent was renamed or merged
   */
  async eraseAgent(agentType: string, request: EraseRequest, options?: WriteOptions): Promise<ErasedAgent> {
    assertAgentType(agentType);
    const { agent_type, reason } = parseArgument(request, EraseArgument);
    if (agent_type !== agentType) {
      throw validationFailed([{ field: 'agent_type', detail: 'must repeat the name of the agent' }]);
    }
    return this.erasing.erase(agentType, reason, parseWriteOptions(options));
  }

  /**
   * Finds the recorded change of a request by its `idempotencyKey` and `request`; null if it is not recorded.
   *
   * @throws DomainError `idempotency_key_reused` if the key belongs to another request
   */
  async findRecordedChange(
    agentType: string,
    options: Pick<WriteOptions, 'idempotencyKey' | 'request'>,
  ): Promise<RecordedChange | null> {
    assertAgentType(agentType);
    const { idempotencyKey, request } = parseWriteOptions(options);
    if (idempotencyKey === undefined) return null;
    const identity = toRequestIdentity(idempotencyKey, [], request);
    return this.transactions.read((manager) => this.executor.findRecorded(manager, agentType, identity));
  }

  /**
   * Returns the custody test that was recorded as this version of the agent.
   *
   * @throws DomainError `validation_failed` if the version is not a custody test
   */
  async getRecordedTest(agentType: string, version: number): Promise<EventPayloads['custody_test']> {
    assertAgentType(agentType);
    const isVersion = Number.isInteger(version) && version >= 1 && version <= INTEGER_MAX;
    const event = isVersion
      ? await this.transactions.read((manager) => this.executor.findEvent(manager, agentType, version))
      : null;
    if (event?.type !== 'custody_test') {
      throw validationFailed([{ field: 'version', detail: 'must be a version that a custody test made' }]);
    }
    return event.payload;
  }

  /** Creates missing default agents and returns their agent types. Renamed and merged ones are not missing. */
  async createDefaultAgents(): Promise<string[]> {
    const aliases = await this.queries.findAliases(DEFAULT_AGENT_TYPES);
    const commands = DEFAULT_AGENT_TYPES.filter((agentType) => !aliases.has(agentType)).map(
      (agentType): AgentCommand => ({ agentType, command: { type: 'create' } }),
    );
    const changes = await this.groupCommit.submit({ commands, request: null, actor: null });
    this.recorder.announce(
      changes.filter((change) => change.created),
      null,
    );
    const created = changes.filter((change) => change.created).map(({ agent_type }) => agent_type);
    for (const agent_type of created) this.logger.log({ message: 'default agent created', agent_type });
    return created;
  }

  private async record(agentType: string, command: Command, options?: WriteOptions): Promise<RecordedChange> {
    assertAgentType(agentType);
    const { precondition, ...bulkOptions } = parseWriteOptions(options);
    const [change] = await this.recordAll([{ agentType, command, precondition }], bulkOptions);
    if (!change) throw new Error('a command without its change');
    return change;
  }

  /** @param options parsed */
  private async recordAll(
    commands: readonly AgentCommand[],
    { manager, idempotencyKey, request: asked, actor }: BulkWriteOptions,
  ): Promise<RecordedChange[]> {
    const request = idempotencyKey === undefined ? null : toRequestIdentity(idempotencyKey, commands, asked);
    return this.recorder.record({ commands, request, actor: actor ?? null }, manager);
  }
}

function assertVersion(version: unknown): void {
  if (Number.isInteger(version) && Number(version) >= 1 && Number(version) <= INTEGER_MAX) return;
  throw validationFailed([{ field: 'version', detail: `must be a whole number from 1 to ${INTEGER_MAX}` }]);
}

/** Reads each item once. */
function copyItems(results: unknown): unknown[] {
  const items: unknown[] = Array.isArray(results) ? results : [];
  assertBatchSize(items);
  return items.map((item) => copyJson(item));
}
