export { requireScopes, identifyCallers } from './access.hooks.js';
export { ApiKey } from './api-key.entity.js';
export { ApiKeys, type CreatedKey, type DeliverKey, type ListedKey } from './api-keys.service.js';
export { AuthModule } from './auth.module.js';
export { Callers } from './callers.js';
export { KEY_PROPAGATION_MS } from './key-ring.js';
export { isLoopback } from './loopback.js';
