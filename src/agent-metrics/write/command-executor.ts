import type { Session } from '../../database/transactions/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { agentRenamed, Clock, DomainError } from '../../common/index.js';
import { awaitPipelined } from '../../database/client/index.js';
import { LedgerRepository, type SealedEvent } from '../../ledger/index.js';
import {
  type AgentEvent,
  type AgentState,
  appendsOnly,
  CHECKPOINT_INTERVAL,
  fold,
  isLate,
  snapshot,
  type Voiding,
} from '../../progression/index.js';
import {
  type AgentCommand,
  toRecordedChange,
  findLevelUps,
  NO_LEVEL_UPS,
  type RecordedChange,
  RecordedRequests,
  type UnitOfWork,
} from './unit-of-work.js';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../settings.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import { decideSealed } from './decide-sealed.js';
import { type Rejected, rejectionError } from './errors.js';
import { VoidingReader } from './voiding-reader.js';
import type { RequestIdentity } from './write-options.js';
import { WorkingAgent } from './working-agent.js';

/** Outcome of a unit of work: one change per command, or the error. */
export type Outcome = { error: null; changes: RecordedChange[] } | { error: Error };

/** Result of a unit of work before it is written. */
interface Work {
  agents: Map<string, WorkingAgent>;
  events: SealedEvent[];
  changes: RecordedChange[];
}

/** Inputs of the decisions of a round. */
interface Surroundings {
  now: Date;
  takenAgentIds: ReadonlySet<string>;
  requests: RecordedRequests;
  voidings: ReadonlyMap<AgentCommand, Voiding>;
}

/** Locked agents, and the current names of agents that had other names. */
export interface LockedAgents {
  agents: Map<string, WorkingAgent>;
  aliases: ReadonlyMap<string, string>;
}

/** Executes commands: locks the agents, decides, writes the rows, appends the events. */
@Injectable()
export class CommandExecutor {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly voidings: VoidingReader,
    private readonly clock: Clock,
    @Inject(AGENT_METRICS_SETTINGS) private readonly settings: AgentMetricsSettings,
  ) {}

  /**
   * Executes units of work in the session's transaction, in order. All commands of a unit take effect, or none. A
   * rejected unit does not affect the others. A repeated request returns the changes recorded for the first one.
   *
   * @returns one outcome per unit, in the same order
   */
  async execute(session: Session, units: readonly UnitOfWork[]): Promise<Outcome[]> {
    const commands = units.flatMap((unit) => unit.commands);
    // Pipelined, after the lock: a request that another transaction records meanwhile is found.
    const [{ agents, aliases }, requests] = await awaitPipelined(
      this.load(session, commands),
      this.loadRequests(session, units),
    );
    const takenAgentIds = await this.findTakenAgentIds(session, units, agents);
    const voidings = await this.loadVoidings(session, units);
    const now = this.clock.now();
    const events: SealedEvent[] = [];
    const outcomes = units.map((unit): Outcome => {
      const former = unit.commands.find(({ agentType }) => aliases.has(agentType))?.agentType;
      if (former !== undefined) return { error: agentRenamed(former, aliases.get(former) ?? '') };
      const earlier = requests.findAll(unit);
      if (earlier) return earlier instanceof DomainError ? { error: earlier } : { error: null, changes: earlier };
      const work = this.carryOut(unit, agents, { now, takenAgentIds, requests, voidings });
      if (work instanceof DomainError) return { error: work };
      for (const [agentType, agent] of work.agents) agents.set(agentType, agent);
      requests.add(work.events);
      events.push(...work.events);
      return { error: null, changes: work.changes };
    });
    // Pipelined, rows first: they detect an agent that another transaction created concurrently.
    const changes = [...agents.values()].flatMap((agent) => agent.rowChange());
    await awaitPipelined(this.agents.save(session, changes), this.ledger.append(session, events));
    return outcomes;
  }

  /**
   * Finds the recorded change of a request to one agent; null if the request is new.
   *
   * @throws DomainError `idempotency_key_reused`
   */
  async findRecorded(session: Session, agentType: string, request: RequestIdentity): Promise<RecordedChange | null> {
    const unit: UnitOfWork = { commands: [{ agentType, command: { type: 'create' } }], request, actor: null };
    const earlier = (await this.loadRequests(session, [unit])).findAll(unit);
    if (earlier instanceof DomainError) throw earlier;
    return earlier?.[0] ?? null;
  }

  /** Locks agents until the end of the transaction, and returns the existing ones according to the ledger. */
  async lockAgents(session: Session, agentTypes: readonly string[]): Promise<LockedAgents> {
    return this.lock(session, agentTypes, new Set(agentTypes), () => false);
  }

  /** Locks agents until the end of the transaction. Returns the states of existing agents according to the ledger. */
  async lockStates(session: Session, agentTypes: readonly string[]): Promise<Map<string, AgentState>> {
    const { agents } = await this.lockAgents(session, agentTypes);
    return new Map([...agents].flatMap(([agentType, { state }]) => (state ? [[agentType, state]] : [])));
  }

  /** Finds the event of a version of an agent; null if there is none. */
  async findEvent(session: Session, agentType: string, version: number): Promise<AgentEvent | null> {
    return this.ledger.findEvent(session, agentType, version);
  }

  /** Decides the commands of a unit. Does not modify `before`. */
  private carryOut(
    { commands, request, actor }: UnitOfWork,
    before: ReadonlyMap<string, WorkingAgent>,
    { now, takenAgentIds, requests, voidings }: Surroundings,
  ): Work | DomainError {
    const work: Work = { agents: new Map(), events: [], changes: [] };
    const own = new RecordedRequests();
    const rejected: Rejected[] = [];
    const { rules } = this.settings;
    for (const agentCommand of commands) {
      const earlier = requests.find(agentCommand) ?? own.find(agentCommand);
      if (earlier instanceof DomainError) return earlier;
      if (earlier) {
        work.changes.push(earlier);
        continue;
      }
      const { agentType, command, precondition, path = '' } = agentCommand;
      const identity = agentCommand.request ?? request;
      const provenance = { actor, idempotency_key: identity?.key ?? null, request_hash: identity?.hash ?? null };
      const agent = work.agents.get(agentType) ?? before.get(agentType) ?? WorkingAgent.NONE;
      const voiding = voidings.get(agentCommand) ?? null;
      const surroundings = { now, rules, takenAgentIds, voiding };
      const decision = decideSealed(agentType, agent, command, precondition, provenance, surroundings);
      if (decision.rejected) {
        rejected.push({ agentType, path, rejection: decision.rejected });
        continue;
      }
      const { sealed } = decision;
      const newest = sealed.at(-1);
      work.agents.set(agentType, decision.agent);
      work.events.push(...sealed);
      own.add(sealed);
      const levelUps = findLevelUps(agent.state, decision.state);
      work.changes.push(newest ? toRecordedChange(newest, false, levelUps) : unchanged(decision.state));
    }
    return rejected.length > 0 ? rejectionError(rejected) : work;
  }

  /** Finds requested values of `agent_id` that other agents have or that several commands request. */
  private async findTakenAgentIds(
    session: Session,
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
    return new Set([...twice, ...(await this.agents.findTakenAgentIds(session, asked))]);
  }

  private async loadVoidings(session: Session, units: readonly UnitOfWork[]): Promise<Map<AgentCommand, Voiding>> {
    const voidings = new Map<AgentCommand, Voiding>();
    for (const command of units.flatMap(({ commands }) => commands)) {
      const { agentType, prepared } = command;
      if (prepared) voidings.set(command, await this.voidings.finish(session, agentType, prepared));
    }
    return voidings;
  }

  private async loadRequests(session: Session, units: readonly UnitOfWork[]): Promise<RecordedRequests> {
    const requests = new RecordedRequests();
    const asked = units.flatMap((unit) =>
      unit.commands.flatMap(({ agentType, request = unit.request }) =>
        request ? [{ agentType, key: request.key }] : [],
      ),
    );
    requests.add(await this.ledger.findRequests(session, asked));
    return requests;
  }

  private async load(session: Session, commands: readonly AgentCommand[]): Promise<LockedAgents> {
    const setting = commands.filter(({ command }) => !appendsOnly(command));
    return this.lock(
      session,
      [...new Set(commands.map(({ agentType }) => agentType))],
      new Set(setting.map(({ agentType }) => agentType)),
      (row) => mayBeLate(commands, row, this.clock.now()) || mayReachCheckpoint(commands, row),
    );
  }

  /** @param whole agents to read with their lists; agents that need them are added */
  private async lock(
    session: Session,
    agentTypes: readonly string[],
    whole: Set<string>,
    needsLists: (row: AgentMetrics) => boolean,
  ): Promise<LockedAgents> {
    const rows = await this.agents.lock(session, agentTypes, [...whole]);
    const incomplete = [...rows.values()].filter(
      (row) => !whole.has(row.agent_type) && (hasNoEvent(row) || needsLists(row)),
    );
    if (incomplete.length > 0) {
      const names = incomplete.map(({ agent_type }) => agent_type);
      for (const [agentType, row] of await this.agents.lock(session, names, names)) rows.set(agentType, row);
      for (const agentType of names) whole.add(agentType);
    }
    const aliases = await this.agents.findAliases(
      session,
      agentTypes.filter((agentType) => !rows.has(agentType)),
    );
    // The ledger may have events of an agent without a row, and takes precedence over a modified row.
    const histories = await this.ledger.read(
      session,
      agentTypes.filter((agentType) => {
        const row = rows.get(agentType);
        return row ? hasNoEvent(row) : !aliases.has(agentType);
      }),
    );
    const agents = new Map<string, WorkingAgent>();
    for (const [agentType, row] of rows) {
      if (!histories.has(agentType)) agents.set(agentType, WorkingAgent.ofRow(row, whole.has(agentType)));
    }
    for (const [agentType, { events, head }] of histories) {
      const state = fold(null, events);
      // Merged into another agent, although there is a row.
      if (state && state.agent_type !== agentType) aliases.set(agentType, state.agent_type);
      else agents.set(agentType, WorkingAgent.ofHistory(state, head, rows.get(agentType) ?? null));
    }
    return { agents, aliases };
  }
}

/** Whether a row has no ledger hash: it was inserted outside the service, or a trigger marked it as modified. */
function hasNoEvent({ ledger_hash }: AgentMetrics): boolean {
  return ledger_hash === null;
}

/** Whether a command may record a result that is older than the agent's newest one at that point. */
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

/** Whether commands that append one event each may reach a version with a checkpoint. */
function mayReachCheckpoint(commands: readonly AgentCommand[], { agent_type, version }: AgentMetrics): boolean {
  const appended = commands.filter(({ agentType }) => agentType === agent_type).length;
  return (version % CHECKPOINT_INTERVAL) + appended >= CHECKPOINT_INTERVAL;
}

/** Result of a command without effect. */
function unchanged(state: AgentState): RecordedChange {
  const { agent_type, version } = state;
  return { agent_type, version, created: false, replayed: false, metrics: snapshot(state), level_ups: NO_LEVEL_UPS };
}
