import type { LogLevel } from '@nestjs/common';

/** Values of `LOG_LEVEL` (case-insensitive) and Nest's names. `warning` is Python's name. */
export const LOG_LEVELS = {
  fatal: 'fatal',
  error: 'error',
  warn: 'warn',
  warning: 'warn',
  info: 'log',
  log: 'log',
  debug: 'debug',
  verbose: 'verbose',
} as const satisfies Record<string, LogLevel>;

const BY_SEVERITY = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const satisfies LogLevel[];

/** Levels that are logged at this setting: the level and all more severe ones. */
export function getEnabledLevels(level: keyof typeof LOG_LEVELS): LogLevel[] {
  return BY_SEVERITY.slice(0, BY_SEVERITY.indexOf(LOG_LEVELS[level]) + 1);
}
