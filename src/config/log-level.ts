import type { LogLevel } from '@nestjs/common';

/** What `LOG_LEVEL` may say (in any case), and Nest's name for it. `warning` is what Python calls it. */
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

/** The levels that are logged at this setting: it and everything more severe. */
export function getEnabledLevels(level: keyof typeof LOG_LEVELS): LogLevel[] {
  return BY_SEVERITY.slice(0, BY_SEVERITY.indexOf(LOG_LEVELS[level]) + 1);
}
