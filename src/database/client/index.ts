export { selectClientClass, buildClientConfig, CONNECT_TIMEOUT_MS } from './client.js';
export { withObservation } from './statement-observation.js';
export { withSessionSettings, type PinnedClient } from './session-client.js';
export { getPoolState } from './pool-state.js';
export { PLANNED_EACH_TIME, withPreparedStatements } from './prepared-statements.js';
export { awaitPipelined } from './await-pipelined.js';
export { IN_TRANSACTION, MARK_TRANSACTION } from './pipelined-begin.js';
export { buildSearchPath, buildSettingsQuery, ISOLATION, SESSION_FORMS, type Timeouts } from './session-settings.js';
export { TYPES } from './type-parsers.js';
