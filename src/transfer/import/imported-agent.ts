import { type AgentState, defaultState } from '../../progression/agent-state.js';
import { defaultAgentId } from '../../progression/agent-type.js';
import { columnsSet, type DecisionContext } from '../../progression/change.js';
import { IMPORTED_TIMES } from '../../progression/events.js';
import { following } from '../../progression/follow.js';
import { parseTimestamp } from '../../common/timestamp.js';
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
