import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/index.js';
import type { Session } from '../../database/transactions/index.js';
import { LedgerRepository } from '../../ledger/index.js';
import { type AgentState, appendsOnly, CHECKPOINT_INTERVAL, fold, isLate } from '../../progression/index.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import type { AgentCommand } from './unit-of-work.js';
import { WorkingAgent } from './working-agent.js';

/** Number of commands from which an agent is read with its lists: they replace most of the test history. */
const MANY_COMMANDS = 50;

/** Locked agents, and the current names of agents that had other names. */
export interface LockedAgents {
  agents: Map<string, WorkingAgent>;
  aliases: ReadonlyMap<string, string>;
  /** Whether the agents were read again after a further lock: what was read beside them may be outdated. */
  readAgain: boolean;
}

/** Locks agents until the end of the transaction, and reads them. */
@Injectable()
export class AgentLocker {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    private readonly clock: Clock,
  ) {}

  /** Locks agents and returns the existing ones according to the ledger. */
  async lockAgents(session: Session, agentTypes: readonly string[]): Promise<LockedAgents> {
    return this.lock(session, agentTypes, new Set(agentTypes), () => false);
  }

  /** Locks agents and returns the states of the existing ones according to the ledger. */
  async lockStates(session: Session, agentTypes: readonly string[]): Promise<Map<string, AgentState>> {
    const { agents } = await this.lockAgents(session, agentTypes);
    return new Map([...agents].flatMap(([agentType, { state }]) => (state ? [[agentType, state]] : [])));
  }

  /** Locks the agents of commands and reads what their decisions need. `now` is the time of the decisions. */
  async lockFor(session: Session, commands: readonly AgentCommand[]): Promise<LockedAgents & { now: Date }> {
    const byAgent = groupByAgent(commands);
    const setting = commands.filter(({ command }) => !appendsOnly(command));
    let now: Date | undefined;
    const locked = await this.lock(
      session,
      [...byAgent.keys()],
      new Set(setting.map(({ agentType }) => agentType)),
      (row) => needsLists(byAgent.get(row.agent_type) ?? [], row, (now ??= this.clock.now())),
    );
    return { ...locked, now: now ?? this.clock.now() };
  }

  /** @param whole agents to read with their lists; agents that need them are added */
  private async lock(
    session: Session,
    agentTypes: readonly string[],
    whole: Set<string>,
    mustHaveLists: (row: AgentMetrics) => boolean,
  ): Promise<LockedAgents> {
    const lockedByName = new Set<string>();
    let readAgain = false;
    for (;;) {
      const { missing, ...locked } = await this.lockRows(session, agentTypes, whole, mustHaveLists);
      if (missing.every((agentType) => lockedByName.has(agentType))) return { ...locked, readAgain };
      readAgain = true;
      // Read again: until now, nothing kept others from changing them.
      for (const agentType of await this.agents.lockMissing(session, missing)) lockedByName.add(agentType);
    }
  }

  /**
   * Locks the rows of agents. The agents `missing` have events and no row: it was deleted by hand, or created since the rows were
   * read.
   */
  private async lockRows(
    session: Session,
    agentTypes: readonly string[],
    whole: Set<string>,
    mustHaveLists: (row: AgentMetrics) => boolean,
  ): Promise<Omit<LockedAgents, 'readAgain'> & { missing: string[] }> {
    const rows = await this.agents.lock(session, agentTypes, [...whole]);
    const incomplete = [...rows.values()].filter(
      (row) => !whole.has(row.agent_type) && (hasNoEvent(row) || mustHaveLists(row)),
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
    const missing = [...histories.keys()].filter((agentType) => !rows.has(agentType));
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
    return { agents, aliases, missing };
  }
}

/** Commands by agent, in order. */
export function groupByAgent(commands: readonly AgentCommand[]): Map<string, AgentCommand[]> {
  const byAgent = new Map<string, AgentCommand[]>();
  for (const command of commands) {
    const own = byAgent.get(command.agentType);
    if (own) own.push(command);
    else byAgent.set(command.agentType, [command]);
  }
  return byAgent;
}

/** Whether the decisions on commands to an agent need its lists. */
export function needsLists(
  commands: readonly AgentCommand[],
  { version, last_test_date }: Pick<AgentState, 'version' | 'last_test_date'>,
  now: Date,
): boolean {
  return (
    commands.length >= MANY_COMMANDS ||
    mayBeLate(commands, last_test_date, now) ||
    mayReachCheckpoint(commands.length, version)
  );
}

/** Whether a row has no ledger hash: it was inserted outside the service, or a trigger marked it as modified. */
function hasNoEvent({ ledger_hash }: AgentMetrics): boolean {
  return ledger_hash === null;
}

/** Whether a command may record a result that is older than the agent's newest one at that point. */
function mayBeLate(commands: readonly AgentCommand[], lastTestDate: Date | null, now: Date): boolean {
  const times = commands.flatMap(({ command }) =>
    command.type === 'custody_test' || command.type === 'adversarial_test' ? [command.data.timestamp ?? now] : [],
  );
  const newest = times.reduce((one, other) => (one > other ? one : other), lastTestDate ?? new Date(0));
  return times.some((time) => isLate(time, newest));
}

/** Whether commands that append one event each may reach a version with a checkpoint. */
function mayReachCheckpoint(appended: number, version: number): boolean {
  return (version % CHECKPOINT_INTERVAL) + appended >= CHECKPOINT_INTERVAL;
}
