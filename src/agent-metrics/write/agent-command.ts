import type { AgentSnapshot, AgentState, Command, EventResult, Precondition } from '../../progression/index.js';
import type { RequestIdentity } from './request-identity.js';

/** A command to one agent, with its precondition. */
export interface AgentCommand {
  agentType: string;
  command: Command;
  precondition?: Precondition | undefined;
  /** Prefix of field names in errors, if the command is part of a larger request. */
  path?: string;
}

/** Commands that are committed together or not at all. */
export interface UnitOfWork {
  commands: readonly AgentCommand[];
  /** Idempotency identity; null if the request has no key. */
  request: RequestIdentity | null;
  /** Actor; null if unknown. */
  actor: string | null;
}

/** A recorded change. */
export interface RecordedChange {
  agent_type: string;
  /** Version of the agent after the change. */
  version: number;
  /** Whether the change created the agent. */
  created: boolean;
  /** Whether an earlier request with the same key recorded the change. */
  replayed: boolean;
  /** Snapshot of the agent after the change. */
  metrics: AgentSnapshot;
  /** Number of levels gained; 0 if replayed. */
  level_ups: LevelUps;
}

export type LevelUps = Pick<AgentState, 'level' | 'custody_level'>;
export const NO_LEVEL_UPS: LevelUps = { level: 0, custody_level: 0 };

/** Converts an event to a recorded change. */
export function toRecordedChange(
  event: { agent_type: string; version: number; result: EventResult },
  replayed: boolean,
  level_ups = NO_LEVEL_UPS,
): RecordedChange {
  const { agent_type, version, result } = event;
  return { agent_type, version, created: result.created, replayed, metrics: result.metrics, level_ups };
}

/** Number of levels gained between two states. `before` is null if the agent did not exist. */
export function findLevelUps(before: AgentState | null, after: AgentState): LevelUps {
  const { level, custody_level } = before ?? { level: 1, custody_level: 1 };
  return {
    level: Math.max(0, after.level - level),
    custody_level: Math.max(0, after.custody_level - custody_level),
  };
}
