import type { DataSource, DataSourceOptions, EntityManager } from 'typeorm';
import type { JwtSettings } from '../auth/index.js';
import { type Clock, parseOptions, withDefaults } from '../common/index.js';
import type { SessionSource } from '../database/transactions/index.js';
import type { Timeouts } from '../database/client/index.js';
import { DEFAULT_RULES, type RuleSettings } from '../progression/index.js';
import { OPTIONS_SCHEMA } from './options-schema.js';
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
export const DEFAULT_TIMEOUTS: Timeouts = { statementMs: 15_000, lockMs: 3_000, idleInTransactionMs: 10_000 };

/**
 * Checks the options and applies the defaults.
 *
 * @throws Error with each unknown or invalid option
 */
export function toSettings(options: AgentMetricsOptions): AgentMetricsSettings {
  const { rules = {}, commitQueueSize } = parseOptions('AgentMetricsModule', OPTIONS_SCHEMA, options);
  const { windows, sizes, ...numbers } = rules;
  return {
    commitQueueSize: commitQueueSize ?? DEFAULT_QUEUE_SIZE,
    rules: {
      ...withDefaults(DEFAULT_RULES, numbers),
      windows: withDefaults(DEFAULT_RULES.windows, windows),
      sizes: withDefaults(DEFAULT_RULES.sizes, sizes),
    },
  };
}
