import type { FieldError } from '../../common/index.js';
import { tryParse } from '../../http/validation/index.js';
import type { JsonObject } from '../../progression/index.js';
import { AgentEntryDto } from '../../agent-metrics/index.js';
import type { Entry } from './items.js';

/** Ignored fields: they are computed. */
const IGNORED = ['version', 'ledger_hash', 'updated_at', 'can_level_up', 'can_create_proposals'];
/** Fields in which null is a value. In other fields null is the same as omitted. */
const NULLABLE = ['capabilities', 'config', 'last_learning_cycle', 'last_success', 'last_failure', 'last_test_date'];
/** Name of the agent type in the old backend. */
export const LEGACY_AGENT_TYPE = 'ai_type';

/** Parses the agent of an entry. Returns the errors if it is invalid. */
export function parseAgentEntry({ value, agentType }: Entry): { entry: AgentEntryDto } | { errors: FieldError[] } {
  const fields: JsonObject = {};
  const { agent_type: name = null, [LEGACY_AGENT_TYPE]: oldName = null } = value;
  if (name !== null && oldName !== null && name !== oldName) {
    return { errors: [{ field: LEGACY_AGENT_TYPE, detail: 'must be the same as agent_type' }] };
  }
  for (const [name, field] of Object.entries(value)) {
    const isSet = !IGNORED.includes(name) && (field !== null || NULLABLE.includes(name));
    if (isSet) fields[name === LEGACY_AGENT_TYPE ? 'agent_type' : name] = field;
  }
  if (agentType !== undefined) {
    const inside = fields['agent_type'] ?? agentType;
    if (inside !== agentType) {
      return { errors: [{ field: 'agent_type', detail: 'must equal the key of the entry' }] };
    }
    fields['agent_type'] = agentType;
  }
  const parsed = tryParse(AgentEntryDto, fields, 'entry', '');
  return 'errors' in parsed ? parsed : { entry: parsed.instance };
}
