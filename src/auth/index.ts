export { demandScopes, identifyCallers } from './access.hooks.js';
export { ApiKey } from './api-key.entity.js';
export { ApiKeys, type CreatedKey, type HandOver, type ListedKey } from './api-keys.service.js';
export { AuthModule } from './auth.module.js';
export { Callers } from './callers.js';
export { KEYS_IN_FORCE_AFTER_MS } from './key-ring.js';
export { isLoopback } from './loopback.js';
