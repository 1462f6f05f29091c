import type { AgentSnapshot } from '../progression/agent-state.js';
import type { Command } from '../progression/commands.js';
import type { EventResult } from '../progression/events.js';
import type { Precondition } from '../progression/precondition.js';
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
}

/** The change that an event recorded. */
export function changeOf(
  event: { agent_type: string; version: number; result: EventResult },
  replayed: boolean,
): RecordedChange {
  const { agent_type, version, result } = event;
  return { agent_type, version, created: result.created, replayed, metrics: result.metrics };
}
