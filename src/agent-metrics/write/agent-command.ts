import type { AgentSnapshot, AgentState, Command, EventResult, Precondition } from '../../progression/index.js';
import type { RequestIdentity } from './request-identity.js';

/** A command to one agent, as the service takes it. */
export interface AgentCommand {
  agentType: string;
  command: Command;
  precondition?: Precondition | undefined;
  /** What stands before the names of fields in errors, where the command is part of a larger request. */
  path?: string;
}

/** Commands that take effect together or not at all. */
export interface UnitOfWork {
  commands: readonly AgentCommand[];
  /** Tells a request that is sent again; null: each is a new one. */
  request: RequestIdentity | null;
  /** Who asks for it, where that is known. */
  actor: string | null;
}

/** A change that was recorded. */
export interface RecordedChange {
  agent_type: string;
  /** Version of the agent after the change. */
  version: number;
  /** Whether the agent was created by it. */
  created: boolean;
  /** Whether an earlier request with the same key had recorded it. */
  replayed: boolean;
  /** The agent's numbers after the change. */
  metrics: AgentSnapshot;
  /** How many levels the agent rose by it, now: 0 when it was replayed. */
  level_ups: LevelUps;
}

export type LevelUps = Pick<AgentState, 'level' | 'custody_level'>;
export const NO_LEVEL_UPS: LevelUps = { level: 0, custody_level: 0 };

/** The change that an event recorded. */
export function toRecordedChange(
  event: { agent_type: string; version: number; result: EventResult },
  replayed: boolean,
  level_ups = NO_LEVEL_UPS,
): RecordedChange {
  const { agent_type, version, result } = event;
  return { agent_type, version, created: result.created, replayed, metrics: result.metrics, level_ups };
}

/** How many levels an agent rose from one state (null: it didn't exist) to another. */
export function findLevelUps(before: AgentState | null, after: AgentState): LevelUps {
  const { level, custody_level } = before ?? { level: 1, custody_level: 1 };
  return {
    level: Math.max(0, after.level - level),
    custody_level: Math.max(0, after.custody_level - custody_level),
  };
}
