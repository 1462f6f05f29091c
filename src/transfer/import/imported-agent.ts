import {
  type AgentState,
  columnsSet,
  type DecisionContext,
  defaultAgentId,
  defaultState,
  following,
  IMPORTED_TIMES,
} from '../../progression/index.js';
import { parseTimestamp } from '../../common/index.js';
import type { AgentEntryDto } from '../../agent-metrics/index.js';

/**
 * Applies an entry to an agent, like a PUT, and sets its times. Omitted fields keep their value, or get their default.
 *
 * @param known the existing agent; null if there is none
 */
export function toImportedAgent(entry: AgentEntryDto, known: AgentState | null, context: DecisionContext): AgentState {
  const agent = known ?? createAgent(entry, context);
  const set = columnsSet(entry, context.rules);
  const times: Partial<Pick<AgentState, (typeof IMPORTED_TIMES)[number]>> = {};
  for (const time of IMPORTED_TIMES) {
    const value = entry[time];
    if (value !== undefined) times[time] = value === null ? null : parseTimestamp(value);
  }
  return { ...agent, ...following(agent, set), ...set, ...times };
}

function createAgent({ id, created_at }: AgentEntryDto, { agentType, now, newId }: DecisionContext): AgentState {
  const identity = {
    id: id?.toLowerCase() ?? newId(),
    agent_id: defaultAgentId(agentType),
    agent_type: agentType,
    created_at: (typeof created_at === 'string' ? parseTimestamp(created_at) : null) ?? now,
  };
  return defaultState(identity, 0, now);
}
