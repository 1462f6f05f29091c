export { type DatabaseConnection, type ServerAddress, formatServers, type SessionTarget } from './database-url.js';
export type { HttpSettings } from './http-settings.js';
export { getEnabledLevels } from './log-level.js';
export type { RateLimit } from './rate-limit-setting.js';
export { SETTINGS, SettingsModule } from './settings.module.js';
export { loadClientSettings, loadSettings, type Settings } from './settings.js';
export { toWorkerShare } from './worker-share.js';
