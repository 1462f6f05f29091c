export { ApiKeyError, type ApiKeyFault } from './api-key.error.js';
export { AccessGuard } from './access.guard.js';
export { requireScopes, identifyCallers } from './access.hooks.js';
export { ACCESS_POLICY, type AccessPolicy, ALLOWED_ORIGINS } from './access-policy.js';
export { ApiKey } from './api-key.entity.js';
export {
  ApiKeys,
  type CreatedKey,
  type DeliverKey,
  KEY_NAME,
  type KeyRequest,
  type KeyState,
  type ListedKey,
} from './api-keys.service.js';
export { AUTH_SETTINGS, type AuthSettings, type JwtSettings } from './auth-settings.js';
export { AUTH_PROVIDERS, AuthModule } from './auth.module.js';
export { Callers } from './callers.js';
export { StillAllowed } from './still-allowed.js';
export { KEY_PROPAGATION_MS } from './key-ring.js';
export { isLoopback } from './loopback.js';
