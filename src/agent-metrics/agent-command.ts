import type { AgentSnapshot } from '../progression/agent-state.js';
import type { Command } from '../progression/commands.js';

/** A command to one agent, as the service takes it. */
export interface AgentCommand {
  agentType: string;
  command: Command;
  /** What stands before the names of fields in errors, where the command is part of a larger request. */
  path?: string;
}

/** A change that was recorded. */
export interface RecordedChange {
  agent_type: string;
  /** Version of the agent after the change. */
  version: number;
  /** Whether the agent was created by it. */
  created: boolean;
  /** The agent's numbers after the change. */
  metrics: AgentSnapshot;
}
