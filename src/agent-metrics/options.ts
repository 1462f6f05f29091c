import type { DataSource, DataSourceOptions, EntityManager } from 'typeorm';
import type { JwtSettings } from '../auth/index.js';
import type { Clock } from '../common/index.js';
import type { SessionSource } from '../database/transactions/index.js';
import type { Timeouts } from '../database/client/index.js';
import {
  DEFAULT_RULES,
  type FieldError,
  findOutOfRange,
  RULE_RANGES,
  type RuleSettings,
} from '../progression/index.js';
import type { AgentMetricsSettings } from './settings.js';
import type { RecordedChange } from './write/unit-of-work.js';

/** Rules of a module. Omitted ones have the defaults of the service. */
export interface RuleOptions {
  /** Minimum score to pass an adversarial test, 0–100. Default: 70. */
  passMark?: number;
  /** Maximum XP per test result or learning, 0–2147483647. Default: 1,000. */
  maxXpAwarded?: number;
  /** Window sizes of the lists, 1–10,000 items. Defaults: 50 results, 100 patterns, 50 suggestions. */
  windows?: Partial<RuleSettings['windows']>;
  /** Maximum sizes of documents and list items, 2–1,048,576 bytes. Defaults: 65,536 and 4,096. */
  sizes?: Partial<RuleSettings['sizes']>;
}

/** Keys and tokens besides the API keys in the database. */
export interface KeyOptions {
  /** Key with the scope admin, for creating the first API keys. */
  adminKey?: string;
  /** Issuer of tokens. Default: none. Default of `scopePrefix`: `agent-metrics:`. */
  jwt?: Pick<JwtSettings, 'issuer' | 'audience'> & Partial<JwtSettings>;
}

/** Options of AgentMetricsModule. */
export interface AgentMetricsOptions {
  /** Schema of the tables. Default: the schema of the DataSource, or the search path of its connections. */
  schema?: string | undefined;
  /** Whether pending schema migrations are run at start-up, as by `AgentMetricsModule.migrate`. Default: false. */
  migrate?: boolean | undefined;
  rules?: RuleOptions | undefined;
  /** Clock of the module. Default: the system clock. */
  clock?: Pick<Clock, 'now'> | undefined;
  /** Maximum number of writes that wait for the next round of the group commit, 1–1,000,000. Default: 10,000. */
  commitQueueSize?: number | undefined;
  /**
   * Timeouts of the module's own transactions, in milliseconds. Default: statements 15,000, locks 3,000, idle in transaction
   * 10,000.
   */
  timeouts?: Timeouts | undefined;
  /** Origins whose pages may write under the access policy `open`. Default: none. */
  allowedOrigins?: readonly string[] | undefined;
  /** Additional keys and tokens under the access policy `keys`. */
  keys?: KeyOptions | undefined;
  /**
   * Returns the EntityManager of the transaction in the calling context, if there is one. Writes without `manager` join it.
   * For packages that propagate transactions by AsyncLocalStorage.
   */
  currentManager?: (() => EntityManager | null | undefined) | undefined;
  /**
   * Called for each recorded change after the COMMIT, also in a transaction of the host; not for replayed changes and not
   * after a rollback. Its errors are logged.
   */
  onRecorded?: ((change: RecordedChange) => void | Promise<void>) | undefined;
  /** @internal Sessions of the service's own pool. */
  sessions?: ((dataSource: DataSource) => SessionSource) | undefined;
  /** @internal Server for reads that may be slightly stale. */
  replica?: DataSourceOptions | undefined;
}

const DEFAULT_QUEUE_SIZE = 10_000;
const QUEUE_RANGE = { least: 1, most: 1_000_000, whole: true };
export const DEFAULT_TIMEOUTS: Timeouts = { statementMs: 15_000, lockMs: 3_000, idleInTransactionMs: 10_000 };

/**
 * Applies the defaults.
 *
 * @throws Error with each option that is out of range
 */
export function toSettings({
  rules = {},
  commitQueueSize = DEFAULT_QUEUE_SIZE,
}: AgentMetricsOptions): AgentMetricsSettings {
  const { windows, sizes, ...numbers } = rules;
  const complete: RuleSettings = {
    ...DEFAULT_RULES,
    ...numbers,
    windows: { ...DEFAULT_RULES.windows, ...windows },
    sizes: { ...DEFAULT_RULES.sizes, ...sizes },
  };
  const errors: FieldError[] = [
    ...findOutOfRange(complete, ['passMark'], RULE_RANGES.passMark),
    ...findOutOfRange(complete, ['maxXpAwarded'], RULE_RANGES.maxXpAwarded),
    ...findOutOfRange(
      complete.windows,
      ['testHistory', 'learningPatterns', 'improvementSuggestions'],
      RULE_RANGES.window,
    ),
    ...findOutOfRange(complete.sizes, ['document', 'listItem'], RULE_RANGES.size),
    ...findOutOfRange({ commitQueueSize }, ['commitQueueSize'], QUEUE_RANGE),
  ];
  if (errors.length === 0) return { rules: complete, commitQueueSize };
  throw new Error(
    `Invalid options of AgentMetricsModule: ${errors.map(({ field, detail }) => `${field} ${detail}`).join('; ')}`,
  );
}
