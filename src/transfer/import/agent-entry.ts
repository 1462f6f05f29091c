import type { FieldError } from '../../common/index.js';
import { tryParse } from '../../http/validation/index.js';
import type { JsonObject } from '../../progression/index.js';
import { AgentEntryDto } from './agent-entry.dto.js';
import type { Entry } from './items.js';

/** What an entry may have and what isn't taken from it: it is made anew, or follows from the rest. */
const MADE_ANEW = ['version', 'ledger_hash', 'updated_at', 'can_level_up', 'can_create_proposals'];
/** Where null is a value. Elsewhere it says no more than a column that is left out. */
const NULLABLE = ['capabilities', 'config', 'last_learning_cycle', 'last_success', 'last_failure', 'last_test_date'];
/** What the old backend called the agent type. */
export const OLD_NAME = 'ai_type';

/** The agent that an entry describes, or what is wrong with its fields. */
export function agentEntryOf({ value, agentType }: Entry): { entry: AgentEntryDto } | { errors: FieldError[] } {
  const fields: JsonObject = {};
  const { agent_type: name = null, [OLD_NAME]: oldName = null } = value;
  if (name !== null && oldName !== null && name !== oldName) {
    return { errors: [{ field: OLD_NAME, detail: 'must be the same as agent_type' }] };
  }
  for (const [name, field] of Object.entries(value)) {
    const isSaid = !MADE_ANEW.includes(name) && (field !== null || NULLABLE.includes(name));
    if (isSaid) fields[name === OLD_NAME ? 'agent_type' : name] = field;
  }
  if (agentType !== undefined) {
    const inside = fields['agent_type'] ?? agentType;
    if (inside !== agentType) {
      return { errors: [{ field: 'agent_type', detail: `must be the name that the entry stands under` }] };
    }
    fields['agent_type'] = agentType;
  }
  const parsed = tryParse(AgentEntryDto, fields, 'entry', '');
  return 'errors' in parsed ? parsed : { entry: parsed.instance };
}
