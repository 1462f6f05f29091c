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
import type { AgentEntryDto } from './agent-entry.dto.js';

/**
 * The agent that an entry makes: as after a PUT of what it names, and with its times. What it leaves out stays as it is
 * known, or has its default.
 *
 * @param known null when there is no such agent yet
 */
export function importedAgent(entry: AgentEntryDto, known: AgentState | null, context: DecisionContext): AgentState {
  const agent = known ?? newAgent(entry, context);
  const set = columnsSet(entry, context.rules);
  const times: Partial<Pick<AgentState, (typeof IMPORTED_TIMES)[number]>> = {};
  for (const time of IMPORTED_TIMES) {
    const said = entry[time];
    if (said !== undefined) times[time] = said === null ? null : parseTimestamp(said);
  }
  return { ...agent, ...following(agent, set), ...set, ...times };
}

function newAgent({ id, created_at }: AgentEntryDto, { agentType, now, newId }: DecisionContext): AgentState {
  const identity = {
    id: id?.toLowerCase() ?? newId(),
    agent_id: defaultAgentId(agentType),
    agent_type: agentType,
    created_at: (typeof created_at === 'string' ? parseTimestamp(created_at) : null) ?? now,
  };
  return defaultState(identity, 0, now);
}
