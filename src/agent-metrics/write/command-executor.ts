import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, DomainError } from '../../common/index.js';
import { SETTINGS, type Settings } from '../../config/index.js';
import { awaitPipelined } from '../../database/client/index.js';
import { LedgerRepository, seal, type SealedEvent, type UnsealedEvent } from '../../ledger/index.js';
import {
  type AgentEvent,
  type AgentState,
  appendsOnly,
  decide,
  type DecidedEvent,
  fold,
  isLate,
  snapshot,
} from '../../progression/index.js';
import {
  type AgentCommand,
  toRecordedChange,
  findLevelUps,
  NO_LEVEL_UPS,
  type RecordedChange,
  type UnitOfWork,
} from './agent-command.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import { RecordedRequests } from './recorded-requests.js';
import { type Rejected, rejectionError } from './rejection.js';
import type { RequestIdentity } from './request-identity.js';
import { WorkingAgent } from './working-agent.js';

/** What became of a unit of work: its changes, a change for each command, or why there is none. */
export type Outcome = { error: null; changes: RecordedChange[] } | { error: Error };

/** What a unit of work makes of its agents. */
interface Work {
  agents: Map<string, WorkingAgent>;
  events: SealedEvent[];
  changes: RecordedChange[];
}

/** Carries out commands: lock the agents, decide, write the rows, append the events. */
@Injectable()
export class CommandExecutor {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Carries out units of work in the manager's transaction, in their order. Of a unit all commands take effect or none;
   * one that breaks a rule fails alone. A request that was recorded before gets the changes that it made then.
   *
   * @returns an outcome for each unit, in the same order
   */
  async execute(manager: EntityManager, units: readonly UnitOfWork[]): Promise<Outcome[]> {
    const agents = await this.load(
      manager,
      units.flatMap(({ commands }) => commands),
    );
    const requests = await this.loadRequests(manager, units);
    const takenAgentIds = await this.findTakenAgentIds(manager, units, agents);
    const now = this.clock.now();
    const events: SealedEvent[] = [];
    const outcomes = units.map((unit): Outcome => {
      const earlier = requests.find(unit);
      if (earlier) return earlier instanceof DomainError ? { error: earlier } : { error: null, changes: earlier };
      const work = this.carryOut(unit, agents, now, takenAgentIds);
      if (work instanceof DomainError) return { error: work };
      for (const [agentType, agent] of work.agents) agents.set(agentType, agent);
      requests.add(work.events);
      events.push(...work.events);
      return { error: null, changes: work.changes };
    });
    // Sent together, rows first: they tell when another transaction created an agent at the same time.
    const changes = [...agents.values()].flatMap((agent) => agent.rowChange());
    await awaitPipelined(this.agents.save(manager, changes), this.ledger.append(manager, events));
    return outcomes;
  }

  /**
   * The change that a request to one agent made before; null when it is new.
   *
   * @throws DomainError `idempotency_key_reused`
   */
  async findRecorded(
    manager: EntityManager,
    agentType: string,
    request: RequestIdentity,
  ): Promise<RecordedChange | null> {
    const unit: UnitOfWork = { commands: [{ agentType, command: { type: 'create' } }], request, actor: null };
    const earlier = (await this.loadRequests(manager, [unit])).find(unit);
    if (earlier instanceof DomainError) throw earlier;
    return earlier?.[0] ?? null;
  }

  /** Locks agents until the transaction ends. Returns the states of those that exist, as the ledger has them. */
  async lockStates(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, AgentState>> {
    const agents = await this.lock(manager, agentTypes, new Set(agentTypes), () => false);
    return new Map([...agents].flatMap(([agentType, { state }]) => (state ? [[agentType, state]] : [])));
  }

  /** The event that made this version of an agent; null when there is none. */
  async findEvent(manager: EntityManager, agentType: string, version: number): Promise<AgentEvent | null> {
    return this.ledger.findEvent(manager, agentType, version);
  }

  /** Decides the commands of a unit on the agents as they are, and leaves them so. */
  private carryOut(
    { commands, request, actor }: UnitOfWork,
    before: ReadonlyMap<string, WorkingAgent>,
    now: Date,
    takenAgentIds: ReadonlySet<string>,
  ): Work | DomainError {
    const work: Work = { agents: new Map(), events: [], changes: [] };
    const rejected: Rejected[] = [];
    const { rules } = this.settings;
    for (const { agentType, command, precondition, path = '' } of commands) {
      const agent = work.agents.get(agentType) ?? before.get(agentType) ?? WorkingAgent.NONE;
      const ledgerHash = agent.head?.toString('hex') ?? null;
      const context = { agentType, now, ledgerHash, rules, newId: uuidv7, edited: agent.edited, takenAgentIds };
      const decision = decide(agent.state, command, context, precondition);
      if (decision.rejected) {
        rejected.push({ agentType, path, rejection: decision.rejected });
        continue;
      }
      const sealed = seal(withProvenance(decision.events, request, actor), agent.head);
      const newest = sealed.at(-1);
      work.agents.set(agentType, agent.after(decision.state, sealed));
      work.events.push(...sealed);
      const levelUps = findLevelUps(agent.state, decision.state);
      work.changes.push(newest ? toRecordedChange(newest, false, levelUps) : unchanged(decision.state));
    }
    return rejected.length > 0 ? rejectionError(rejected) : work;
  }

  /** Values of `agent_id` that commands would give to agents, and that others have or get by the same commands. */
  private async findTakenAgentIds(
    manager: EntityManager,
    units: readonly UnitOfWork[],
    agents: ReadonlyMap<string, WorkingAgent>,
  ): Promise<ReadonlySet<string>> {
    const asked = new Map<string, string>();
    const twice = new Set<string>();
    for (const { agentType, command } of units.flatMap(({ commands }) => commands)) {
      const agentId = command.type === 'update' ? command.data.agent_id : undefined;
      if (agentId === undefined || agentId === agents.get(agentType)?.state?.agent_id) continue;
      if ([...asked].some(([type, id]) => id === agentId && type !== agentType)) twice.add(agentId);
      asked.set(agentType, agentId);
    }
    if (asked.size === 0) return twice;
    return new Set([...twice, ...(await this.agents.findTakenAgentIds(manager, asked))]);
  }

  private async loadRequests(manager: EntityManager, units: readonly UnitOfWork[]): Promise<RecordedRequests> {
    const requests = new RecordedRequests();
    const asked = units.flatMap(({ commands, request }) =>
      request ? commands.map(({ agentType }) => ({ agentType, key: request.key })) : [],
    );
    requests.add(await this.ledger.findRequests(manager, asked));
    return requests;
  }

  private async load(manager: EntityManager, commands: readonly AgentCommand[]): Promise<Map<string, WorkingAgent>> {
    const setting = commands.filter(({ command }) => !appendsOnly(command));
    return this.lock(
      manager,
      [...new Set(commands.map(({ agentType }) => agentType))],
      new Set(setting.map(({ agentType }) => agentType)),
      (row) => mayBeLate(commands, row, this.clock.now()),
    );
  }

  /** @param whole agents that are read with their lists; filled up with those that turn out to need them */
  private async lock(
    manager: EntityManager,
    agentTypes: readonly string[],
    whole: Set<string>,
    needsLists: (row: AgentMetrics) => boolean,
  ): Promise<Map<string, WorkingAgent>> {
    const rows = await this.agents.lock(manager, agentTypes, [...whole]);
    const incomplete = [...rows.values()].filter(
      (row) => !whole.has(row.agent_type) && (standsForNoEvent(row) || needsLists(row)),
    );
    if (incomplete.length > 0) {
      const names = incomplete.map(({ agent_type }) => agent_type);
      for (const [agentType, row] of await this.agents.lock(manager, names, names)) rows.set(agentType, row);
      for (const agentType of names) whole.add(agentType);
    }
    // Of an agent without row the ledger may know more, and of one whose row was changed by hand it knows better.
    const histories = await this.ledger.read(
      manager,
      agentTypes.filter((agentType) => {
        const row = rows.get(agentType);
        return !row || standsForNoEvent(row);
      }),
    );
    const agents = new Map<string, WorkingAgent>();
    for (const [agentType, row] of rows) {
      if (!histories.has(agentType)) agents.set(agentType, WorkingAgent.ofRow(row, whole.has(agentType)));
    }
    for (const [agentType, { events, head }] of histories) {
      agents.set(agentType, WorkingAgent.ofHistory(fold(null, events), head, rows.get(agentType) ?? null));
    }
    return agents;
  }
}

/** Whether a row was inserted or changed past the service: by then it has no hash of an event. */
function standsForNoEvent({ ledger_hash }: AgentMetrics): boolean {
  return ledger_hash === null;
}

/** Whether one of these commands may record a result that is older than one that the agent has by then. */
function mayBeLate(
  commands: readonly AgentCommand[],
  { agent_type, last_test_date }: AgentMetrics,
  now: Date,
): boolean {
  const times = commands.flatMap(({ agentType, command }) =>
    agentType === agent_type && (command.type === 'custody_test' || command.type === 'adversarial_test')
      ? [command.data.timestamp ?? now]
      : [],
  );
  const newest = times.reduce((one, other) => (one > other ? one : other), last_test_date ?? new Date(0));
  return times.some((time) => isLate(time, newest));
}

/** The events as one request's; the key is on the newest, whose result is the answer. */
function withProvenance(
  events: readonly DecidedEvent[],
  request: RequestIdentity | null,
  actor: string | null,
): UnsealedEvent[] {
  return events.map((event, index) => {
    const identity = index === events.length - 1 ? request : null;
    return { ...event, actor, idempotency_key: identity?.key ?? null, request_hash: identity?.hash ?? null };
  });
}

/** A command that had nothing left to do. */
function unchanged(state: AgentState): RecordedChange {
  const { agent_type, version } = state;
  return { agent_type, version, created: false, replayed: false, metrics: snapshot(state), level_ups: NO_LEVEL_UPS };
}
