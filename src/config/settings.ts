import { z } from 'zod';
import { WEBHOOK_SECRET, WEBHOOK_SECRET_FAULT } from '../common/index.js';
import { DEFAULT_RULES, INTEGER_MAX, type Range, RULE_RANGES } from '../progression/index.js';
import { type DatabaseConnection, parseDatabaseUrl } from './database-url.js';
import { onOrOff } from './on-or-off.js';
import { ACCESS_VARIABLES, toAccessSettings } from './access-settings.js';
import { delays } from './delays.js';
import { CLIENT_VARIABLES } from './client-settings.js';
import { HTTP_VARIABLES, toHttpSettings } from './http-settings.js';
import { LOG_LEVELS } from './log-level.js';
import { refuseSmallShares, WORKERS_MAX } from './worker-limits.js';

const SECONDS = 1_000;
const HOURS = 3_600 * SECONDS;

const port = z.coerce.number().int().min(0).max(65_535);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const inRange = ({ least, most }: Range) => count(least, most);
const { windows, sizes } = DEFAULT_RULES;
const timeout = z.coerce.number().min(0.01).max(3_600);
const hours = z.coerce.number().min(0.001).max(8_760);
const databaseUrl = z.string().transform((url, context): DatabaseConnection => {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** Hosts to which requests do not leave this machine. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
const evaluatorUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).refine(
  (url) => {
    const { username = '', password = '' } = URL.canParse(url) ? new URL(url) : {};
    return username === '' && password === '';
  },
  { message: 'must not contain credentials; set CUSTODY_EVALUATOR_SECRET' },
);

/** All settings, with their defaults and ranges. setting-descriptions.ts documents them. */
export const environment = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8000),
    WORKERS: count(1, WORKERS_MAX).default(1),
    ...ACCESS_VARIABLES,
    ...HTTP_VARIABLES,
    ...CLIENT_VARIABLES,
    LOG_LEVEL: z
      .string()
      .toLowerCase()
      .pipe(z.enum(Object.keys(LOG_LEVELS) as (keyof typeof LOG_LEVELS)[]))
      .default('info'),
    LOG_REQUESTS: onOrOff.default('on'),
    METRICS: onOrOff.default('on'),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be the http:// or https:// URL of an OTLP collector' })
      .optional(),
    OTEL_SERVICE_NAME: z.string().default('lvlup-agent-metrics'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
    DATABASE_URL: databaseUrl.optional(),
    DATABASE_DIRECT_URL: databaseUrl.optional(),
    DATABASE_REPLICA_URL: databaseUrl.optional(),
    DATABASE_CONNECT_TIMEOUT: count(1, 3_600).default(60),
    CONNECTION_POOL_SIZE: count(1, 1_000).default(20),
    MAX_OVERFLOW: count(0, 1_000).default(30),
    PREPARED_STATEMENTS: onOrOff.optional(),
    STATEMENT_TIMEOUT: timeout.default(15),
    LOCK_TIMEOUT: timeout.default(3),
    IDLE_IN_TRANSACTION_TIMEOUT: timeout.default(10),
    SHUTDOWN_DELAY: z.coerce.number().min(0).max(600).default(0),
    SHUTDOWN_TIMEOUT: z.coerce.number().min(0.1).max(3_600).default(25),
    DATA_DIR: z.string().default('.data'),
    EMBEDDED_PORT: port.optional(),
    MAX_TEST_HISTORY_SIZE: inRange(RULE_RANGES.window).default(windows.testHistory),
    MAX_LEARNING_PATTERNS_SIZE: inRange(RULE_RANGES.window).default(windows.learningPatterns),
    MAX_IMPROVEMENT_SUGGESTIONS_SIZE: inRange(RULE_RANGES.window).default(windows.improvementSuggestions),
    MAX_DOCUMENT_BYTES: inRange(RULE_RANGES.size).default(sizes.document),
    MAX_LIST_ITEM_BYTES: inRange(RULE_RANGES.size).default(sizes.listItem),
    INGEST_MAX_SIZE: count(1, 16 * 1024 ** 3).default(256 * 1024 ** 2),
    FEED_MAX_READERS: count(1, 10_000).default(200),
    FEED_HEARTBEAT: z.coerce.number().min(0.01).max(300).default(15),
    WEBHOOK_ALLOW_PRIVATE: onOrOff.default('off'),
    WEBHOOK_TIMEOUT: z.coerce.number().min(0.01).max(20).default(10),
    WEBHOOK_RETRY_DELAYS: delays.prefault('5,30,120,600,1800,7200,18000,36000,50400,72000,86400,86400'),
    COMMIT_QUEUE_SIZE: count(1, 1_000_000).default(10_000),
    MAX_XP_AWARDED: inRange(RULE_RANGES.maxXpAwarded).default(DEFAULT_RULES.maxXpAwarded),
    PASS_MARK: z.coerce
      .number()
      .min(RULE_RANGES.passMark.least)
      .max(RULE_RANGES.passMark.most)
      .default(DEFAULT_RULES.passMark),
    PROPOSAL_MAX_FAILURE_STREAK: count(0, INTEGER_MAX).default(3),
    PROPOSAL_PASS_WINDOW_HOURS: hours.default(24),
    LEVEL_UP_MIN_PASS_RATE: z.coerce.number().min(0).max(1).default(0.8),
    LEVEL_UP_MAX_FAILURE_STREAK: count(0, INTEGER_MAX).default(2),
    LEVEL_UP_MIN_CUSTODY_XP: count(0, INTEGER_MAX).default(100),
    CUSTODY_EVALUATOR_URL: evaluatorUrl.optional(),
    CUSTODY_EVALUATOR_SECRET: z.string().regex(WEBHOOK_SECRET, WEBHOOK_SECRET_FAULT).optional(),
    CUSTODY_EVALUATOR_TIMEOUT: z.coerce.number().min(0.1).max(300).default(60),
    CUSTODY_TEST_INTERVAL_HOURS: hours.default(4),
    CUSTODY_RETRY_DELAY_HOURS: hours.default(2),
  })
  .refine((env) => env.DATABASE_DIRECT_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['DATABASE_DIRECT_URL'],
    message: 'must be set together with DATABASE_URL',
  })
  .refine((env) => env.ADMIN_KEY === undefined || env.ADMIN_KEY_FILE === undefined, {
    path: ['ADMIN_KEY_FILE'],
    message: 'must not be set together with ADMIN_KEY',
  })
  .refine((env) => (env.JWT_ISSUER === undefined) === (env.JWT_AUDIENCE === undefined), {
    path: ['JWT_AUDIENCE'],
    message: 'must be set together with JWT_ISSUER',
  })
  .refine((env) => env.JWT_JWKS_URL === undefined || env.JWT_ISSUER !== undefined, {
    path: ['JWT_JWKS_URL'],
    message: 'requires JWT_ISSUER and JWT_AUDIENCE',
  })
  .refine((env) => env.DATABASE_REPLICA_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['DATABASE_REPLICA_URL'],
    message: 'must be set together with DATABASE_URL',
  })
  .refine((env) => env.CUSTODY_EVALUATOR_SECRET === undefined || env.CUSTODY_EVALUATOR_URL !== undefined, {
    path: ['CUSTODY_EVALUATOR_SECRET'],
    message: 'must be set together with CUSTODY_EVALUATOR_URL',
  })
  .refine(
    ({ CUSTODY_EVALUATOR_URL: url, CUSTODY_EVALUATOR_SECRET: secret }) =>
      url === undefined || secret !== undefined || !URL.canParse(url) || LOCAL_HOSTS.includes(new URL(url).hostname),
    {
      path: ['CUSTODY_EVALUATOR_SECRET'],
      message: 'is required unless the evaluator runs on this machine',
    },
  )
  .refine((env) => env.CUSTODY_EVALUATOR_URL === undefined || env.CUSTODY_EVALUATOR_TIMEOUT < env.STALL_TIMEOUT, {
    path: ['CUSTODY_EVALUATOR_TIMEOUT'],
    message: 'must be less than STALL_TIMEOUT, after which the client is disconnected',
  })
  .refine((env) => env.SHUTDOWN_DELAY < env.SHUTDOWN_TIMEOUT, {
    path: ['SHUTDOWN_DELAY'],
    message: 'must be less than SHUTDOWN_TIMEOUT, which includes it',
  })
  .superRefine(refuseSmallShares);

/** Name of an environment variable. */
export type SettingName = keyof typeof environment.shape;

/** All settings, parsed once at start-up. */
export type Settings = ReturnType<typeof toSettings>;

/** Invalid settings. The message has one line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`Invalid environment variables:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Parses the settings. An empty variable counts as not set.
 *
 * @throws SettingsError with the name and reason of every invalid variable, without its value, which may be a secret
 */
export function loadSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  return toSettings(parse(environment, variables));
}

/**
 * Parses the settings of CLI commands that call a remote service. Other settings are not checked.
 *
 * @throws SettingsError
 */
export function loadClientSettings(variables: Readonly<Record<string, string | undefined>>): {
  /** API key or token; undefined: none. */
  apiKey: string | undefined;
} {
  return { apiKey: parse(z.object(CLIENT_VARIABLES), variables).LVLUP_API_KEY };
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== ''));
  const { success, data, error } = schema.safeParse(given);
  if (!success) throw new SettingsError(error.issues.map(describeIssue));
  return data;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const expectsNumber = issue.code === 'invalid_type' && issue.expected === 'number';
  return `${issue.path.join('.')}: ${expectsNumber ? 'must be a number' : issue.message}`;
}

function toSettings(env: z.output<typeof environment>) {
  return {
    auth: toAccessSettings(env),
    http: { host: env.HOST, port: env.PORT, ...toHttpSettings(env) },
    /** Processes that serve requests. 1: this process. */
    workers: env.WORKERS,
    logLevel: env.LOG_LEVEL,
    telemetry: {
      /** Whether each request is logged. */
      logRequests: env.LOG_REQUESTS === 'on',
      /** Whether Prometheus metrics are served at /metrics. */
      metrics: env.METRICS === 'on',
      /** Destination of spans; null: tracing is off. */
      traces:
        env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
          ? null
          : {
              endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
              serviceName: env.OTEL_SERVICE_NAME,
              /** Share of the requests without a trace context that are traced. */
              sampled: env.OTEL_TRACES_SAMPLER_ARG,
            },
    },
    database: {
      /** Database server; undefined: embedded PostgreSQL. */
      connection: env.DATABASE_URL,
      /** The server behind a connection pooler, for schema migrations. */
      direct: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      /** Replica, for reads that may be slightly stale. */
      replica: env.DATABASE_REPLICA_URL,
      /** Time to wait for an unavailable server at start-up. */
      connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT * SECONDS,
      /** Connections that are kept open, and additional ones under load. */
      pool: { size: env.CONNECTION_POOL_SIZE, overflow: env.MAX_OVERFLOW },
      /** Whether statements are prepared. Default: only on the embedded PostgreSQL, because a URL may name a pooler. */
      prepare:
        env.PREPARED_STATEMENTS === undefined ? env.DATABASE_URL === undefined : env.PREPARED_STATEMENTS === 'on',
      /** Timeouts of statements, of locks, and between the statements of a transaction. */
      timeouts: {
        statementMs: Math.round(env.STATEMENT_TIMEOUT * SECONDS),
        lockMs: Math.round(env.LOCK_TIMEOUT * SECONDS),
        idleInTransactionMs: Math.round(env.IDLE_IN_TRANSACTION_TIMEOUT * SECONDS),
      },
    },
    /** Time for which a shutdown continues to accept requests, and its maximum duration. */
    shutdown: {
      delayMs: Math.round(env.SHUTDOWN_DELAY * SECONDS),
      timeoutMs: Math.round(env.SHUTDOWN_TIMEOUT * SECONDS),
    },
    embedded: { dataDir: env.DATA_DIR, port: env.EMBEDDED_PORT },
    /** Maximum size of an evaluation file that is sent to the service, in bytes. */
    ingestMaxBytes: env.INGEST_MAX_SIZE,
    feed: {
      /** Maximum number of concurrent readers. */
      maxReaders: env.FEED_MAX_READERS,
      /** Time after which a silent stream sends a comment. A silent connection is closed after STALL_TIMEOUT. */
      heartbeatMs: Math.max(Math.round(Math.min(env.FEED_HEARTBEAT, env.STALL_TIMEOUT / 2) * SECONDS), 10),
    },
    webhooks: {
      /** Whether endpoints may be at private addresses, and use http. */
      allowPrivate: env.WEBHOOK_ALLOW_PRIVATE === 'on',
      /** Time for a receiver to respond. */
      timeoutMs: Math.round(env.WEBHOOK_TIMEOUT * SECONDS),
      /** Delays before the second, third, … attempt. */
      retryDelaysMs: env.WEBHOOK_RETRY_DELAYS.map((seconds) => seconds * SECONDS),
    },
    /** Maximum number of writes that wait for the next round. */
    commitQueueSize: env.COMMIT_QUEUE_SIZE,
    rules: {
      passMark: env.PASS_MARK,
      maxXpAwarded: env.MAX_XP_AWARDED,
      windows: {
        testHistory: env.MAX_TEST_HISTORY_SIZE,
        learningPatterns: env.MAX_LEARNING_PATTERNS_SIZE,
        improvementSuggestions: env.MAX_IMPROVEMENT_SUGGESTIONS_SIZE,
      },
      sizes: { document: env.MAX_DOCUMENT_BYTES, listItem: env.MAX_LIST_ITEM_BYTES },
    },
    /** Evaluator; null: none. */
    evaluator:
      env.CUSTODY_EVALUATOR_URL === undefined
        ? null
        : {
            url: env.CUSTODY_EVALUATOR_URL,
            /** Key of the request signatures; undefined: not signed. */
            secret: env.CUSTODY_EVALUATOR_SECRET,
            timeoutMs: Math.round(env.CUSTODY_EVALUATOR_TIMEOUT * SECONDS),
          },
    /** Requirements of the gates, and the test schedule. */
    custody: {
      propose: {
        maxFailureStreak: env.PROPOSAL_MAX_FAILURE_STREAK,
        passWindowMs: Math.round(env.PROPOSAL_PASS_WINDOW_HOURS * HOURS),
      },
      levelUp: {
        minPassRate: env.LEVEL_UP_MIN_PASS_RATE,
        maxFailureStreak: env.LEVEL_UP_MAX_FAILURE_STREAK,
        minCustodyXp: env.LEVEL_UP_MIN_CUSTODY_XP,
      },
      schedule: {
        testIntervalMs: Math.round(env.CUSTODY_TEST_INTERVAL_HOURS * HOURS),
        retryDelayMs: Math.round(env.CUSTODY_RETRY_DELAY_HOURS * HOURS),
      },
    },
  };
}
