export { type DatabaseConnection, type ServerAddress, serversOf, type SessionTarget } from './database-url.js';
export type { HttpSettings } from './http-settings.js';
export { loggedLevels } from './log-level.js';
export type { RateLimit } from './rate-limit-setting.js';
export { SETTINGS, SettingsModule } from './settings.module.js';
export { loadSettings, type Settings } from './settings.js';
