import { SETTABLE_COLUMNS } from '../../src/progression/commands.js';
import { IMPORTED_TIMES } from '../../src/progression/events.js';

/** The columns of an agent that an old table may have. */
export const AGENT_COLUMNS = ['id', 'agent_type', ...SETTABLE_COLUMNS, ...IMPORTED_TIMES, 'created_at', 'updated_at'];
