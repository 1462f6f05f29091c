import type { Session } from '../../database/transactions/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { agentRenamed, Clock, DomainError } from '../../common/index.js';
import { awaitPipelined } from '../../database/client/index.js';
import { LedgerRepository, type SealedEvent } from '../../ledger/index.js';
import { type AgentEvent, type AgentState, snapshot, type Voiding } from '../../progression/index.js';
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
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import { AgentLocker, groupByAgent, needsLists } from './agent-locker.js';
import { decideSealed } from './decide-sealed.js';
import type { DecidedRound, Outcome } from './decided-round.js';
import { type Rejected, rejectionError } from './errors.js';
import { RoundWriter } from './round-writer.js';
import { VoidingReader } from './voiding-reader.js';
import type { RequestIdentity } from './write-options.js';
import { WorkingAgent } from './working-agent.js';

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

/** Executes commands: locks the agents, decides, and lets the round be written. */
@Injectable()
export class CommandExecutor {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly writer: RoundWriter,
    private readonly locker: AgentLocker,
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
    const round = await this.decide(session, units);
    await this.writer.write(session, round);
    return round.outcomes;
  }

  /** Locks the agents of units and decides the units, without writing. See `execute`. */
  async decide(session: Session, units: readonly UnitOfWork[]): Promise<DecidedRound> {
    const commands = units.flatMap((unit) => unit.commands);
    // Pipelined, after the lock: a request that another transaction records meanwhile is found.
    const [{ agents, aliases, now, readAgain }, found] = await awaitPipelined(
      this.locker.lockFor(session, commands),
      this.loadRequests(session, units),
    );
    const requests = readAgain ? await this.loadRequests(session, units) : found;
    const takenAgentIds = await this.findTakenAgentIds(session, units, agents);
    const voidings = await this.loadVoidings(session, units);
    return this.decideOn(units, agents, aliases, { now, takenAgentIds, requests, voidings });
  }

  /**
   * Decides test results on known agents, without a lock. Reads the recorded requests, if there are keys: before an earlier round
   * is written, if the agents are its result. The write is refused if an agent was changed meanwhile.
   *
   * @param known agents as they are committed, or will be
   * @param pending events that are not recorded yet
   * @returns null if the units have other commands or need other data, or if an agent is not written: nothing would be refused if
   *   it was changed
   */
  async decideUnlocked(
    session: Session,
    units: readonly UnitOfWork[],
    known: ReadonlyMap<string, WorkingAgent>,
    pending: readonly SealedEvent[] = [],
  ): Promise<DecidedRound | null> {
    const now = this.clock.now();
    const agents = pickKnown(units, known, now);
    if (!agents) return null;
    const requests = await this.loadRequests(session, units);
    requests.add(pending);
    const surroundings = {
      now,
      takenAgentIds: new Set<string>(),
      requests,
      voidings: new Map<AgentCommand, Voiding>(),
    };
    const decided = this.decideOn(units, agents, new Map(), surroundings);
    return decided.changes.length === agents.size ? decided : null;
  }

  private decideOn(
    units: readonly UnitOfWork[],
    agents: Map<string, WorkingAgent>,
    aliases: ReadonlyMap<string, string>,
    surroundings: Surroundings,
  ): DecidedRound {
    const { requests } = surroundings;
    const events: SealedEvent[] = [];
    const outcomes = units.map((unit): Outcome => {
      const former = unit.commands.find(({ agentType }) => aliases.has(agentType))?.agentType;
      if (former !== undefined) return { error: agentRenamed(former, aliases.get(former) ?? '') };
      const earlier = requests.findAll(unit);
      if (earlier) return earlier instanceof DomainError ? { error: earlier } : { error: null, changes: earlier };
      const work = this.carryOut(unit, agents, surroundings);
      if (work instanceof DomainError) return { error: work };
      for (const [agentType, agent] of work.agents) agents.set(agentType, agent);
      requests.add(work.events);
      events.push(...work.events);
      return { error: null, changes: work.changes };
    });
    return { outcomes, changes: [...agents.values()].flatMap((agent) => agent.rowChange()), events, agents };
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
}

/** The agents of test results; null if there are other commands, or if they need other data. */
function pickKnown(
  units: readonly UnitOfWork[],
  known: ReadonlyMap<string, WorkingAgent>,
  now: Date,
): Map<string, WorkingAgent> | null {
  const commands = units.flatMap((unit) => unit.commands);
  if (!commands.every(({ command: { type } }) => type === 'custody_test' || type === 'adversarial_test')) return null;
  const agents = new Map<string, WorkingAgent>();
  for (const [agentType, own] of groupByAgent(commands)) {
    const agent = known.get(agentType);
    if (!agent?.state || (!agent.isWhole && needsLists(own, agent.state, now))) return null;
    agents.set(agentType, agent);
  }
  return agents;
}

/** Result of a command without effect. */
function unchanged(state: AgentState): RecordedChange {
  const { agent_type, version } = state;
  return { agent_type, version, created: false, replayed: false, metrics: snapshot(state), level_ups: NO_LEVEL_UPS };
}
