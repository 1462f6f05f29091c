export { clientClass, clientConfig, CONNECT_TIMEOUT_MS } from './client.js';
export { observed } from './observed-client.js';
export { pinned, type PinnedClient } from './pinning-client.js';
export { poolStateOf } from './pool-state.js';
export { preparing } from './preparing-client.js';
export { sentTogether } from './sent-together.js';
export type { Timeouts } from './session-settings.js';
