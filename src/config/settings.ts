import { z } from 'zod';
import { INTEGER_MAX } from '../progression/index.js';
import { type DatabaseConnection, parseDatabaseUrl } from './database-url.js';
import { onOrOff } from './on-or-off.js';
import { ACCESS_VARIABLES, toAccessSettings } from './access-settings.js';
import { HTTP_VARIABLES, toHttpSettings } from './http-settings.js';
import { LOG_LEVELS } from './log-level.js';

const SECONDS = 1_000;
const HOURS = 3_600 * SECONDS;

const port = z.coerce.number().int().min(0).max(65_535);
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
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

/** The only hosts whose requests no one else can read or send. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
const evaluatorUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).refine(
  (url) => {
    const { username = '', password = '' } = URL.canParse(url) ? new URL(url) : {};
    return username === '' && password === '';
  },
  { message: 'must not hold a user or password; set CUSTODY_EVALUATOR_SECRET' },
);

/** The environment variables, each with its default and range. setting-descriptions.ts documents them. */
export const environment = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(8000),
    ...ACCESS_VARIABLES,
    ...HTTP_VARIABLES,
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
    MAX_TEST_HISTORY_SIZE: count(1, 10_000).default(50),
    MAX_LEARNING_PATTERNS_SIZE: count(1, 10_000).default(100),
    MAX_IMPROVEMENT_SUGGESTIONS_SIZE: count(1, 10_000).default(50),
    MAX_DOCUMENT_BYTES: count(2, 1_048_576).default(65_536),
    MAX_LIST_ITEM_BYTES: count(2, 1_048_576).default(4_096),
    COMMIT_QUEUE_SIZE: count(1, 1_000_000).default(10_000),
    MAX_XP_AWARDED: count(0, INTEGER_MAX).default(1_000),
    PASS_MARK: z.coerce.number().min(0).max(100).default(70),
    PROPOSAL_MAX_FAILURE_STREAK: count(0, INTEGER_MAX).default(3),
    PROPOSAL_PASS_WINDOW_HOURS: hours.default(24),
    LEVEL_UP_MIN_PASS_RATE: z.coerce.number().min(0).max(1).default(0.8),
    LEVEL_UP_MAX_FAILURE_STREAK: count(0, INTEGER_MAX).default(2),
    LEVEL_UP_MIN_CUSTODY_XP: count(0, INTEGER_MAX).default(100),
    CUSTODY_EVALUATOR_URL: evaluatorUrl.optional(),
    CUSTODY_EVALUATOR_SECRET: z
      .string()
      .regex(
        /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
        'must be whsec_ and the base64 of 24 to 64 bytes',
      )
      .optional(),
    CUSTODY_EVALUATOR_TIMEOUT: z.coerce.number().min(0.1).max(300).default(60),
    CUSTODY_TEST_INTERVAL_HOURS: hours.default(4),
    CUSTODY_RETRY_DELAY_HOURS: hours.default(2),
  })
  .refine((env) => env.DATABASE_DIRECT_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['DATABASE_DIRECT_URL'],
    message: 'names the server behind the pooler that DATABASE_URL names; set that too',
  })
  .refine((env) => env.ADMIN_KEY === undefined || env.ADMIN_KEY_FILE === undefined, {
    path: ['ADMIN_KEY_FILE'],
    message: 'is set beside ADMIN_KEY; set one of them',
  })
  .refine((env) => (env.JWT_ISSUER === undefined) === (env.JWT_AUDIENCE === undefined), {
    path: ['JWT_AUDIENCE'],
    message: 'and JWT_ISSUER need each other: tokens are taken that the one made out for the other',
  })
  .refine((env) => env.JWT_JWKS_URL === undefined || env.JWT_ISSUER !== undefined, {
    path: ['JWT_JWKS_URL'],
    message: 'needs JWT_ISSUER and JWT_AUDIENCE',
  })
  .refine((env) => env.DATABASE_REPLICA_URL === undefined || env.DATABASE_URL !== undefined, {
    path: ['DATABASE_REPLICA_URL'],
    message: 'names a replica of the server that DATABASE_URL names; set that too',
  })
  .refine((env) => env.CUSTODY_EVALUATOR_SECRET === undefined || env.CUSTODY_EVALUATOR_URL !== undefined, {
    path: ['CUSTODY_EVALUATOR_SECRET'],
    message: 'signs requests to the evaluator that CUSTODY_EVALUATOR_URL names; set that too',
  })
  .refine(
    ({ CUSTODY_EVALUATOR_URL: url, CUSTODY_EVALUATOR_SECRET: secret }) =>
      url === undefined || secret !== undefined || !URL.canParse(url) || LOCAL_HOSTS.includes(new URL(url).hostname),
    {
      path: ['CUSTODY_EVALUATOR_SECRET'],
      message: 'is needed for an evaluator that is not on this machine; it signs the requests to it',
    },
  )
  .refine((env) => env.CUSTODY_EVALUATOR_URL === undefined || env.CUSTODY_EVALUATOR_TIMEOUT < env.STALL_TIMEOUT, {
    path: ['CUSTODY_EVALUATOR_TIMEOUT'],
    message: 'must be less than STALL_TIMEOUT, after which the client is disconnected',
  })
  .refine((env) => env.SHUTDOWN_DELAY < env.SHUTDOWN_TIMEOUT, {
    path: ['SHUTDOWN_DELAY'],
    message: 'must be less than SHUTDOWN_TIMEOUT, of which it is a part',
  });

/** Name of an environment variable. */
export type SettingName = keyof typeof environment.shape;

/** Everything an operator may set, parsed once at start. */
export type Settings = ReturnType<typeof toSettings>;

/** Thrown with one line for each variable that can't be used. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`These environment variables can't be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the settings. An empty variable counts as one that isn't set.
 *
 * @throws SettingsError that lists every bad variable by name and reason, never by a value that may be a secret
 */
export function loadSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim() !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  return toSettings(parsed.data);
}

function toSettings(env: z.output<typeof environment>) {
  return {
    auth: toAccessSettings(env),
    http: { host: env.HOST, port: env.PORT, ...toHttpSettings(env) },
    logLevel: env.LOG_LEVEL,
    telemetry: {
      /** A line in the log for each request. */
      logRequests: env.LOG_REQUESTS === 'on',
      /** For Prometheus, at /metrics. */
      metrics: env.METRICS === 'on',
      /** Where spans are sent to; null: there are none. */
      traces:
        env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
          ? null
          : {
              endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
              serviceName: env.OTEL_SERVICE_NAME,
              /** Share of the requests that are traced, where the client hasn't decided. */
              sampled: env.OTEL_TRACES_SAMPLER_ARG,
            },
    },
    database: {
      /** The server to use; undefined: the embedded one. */
      connection: env.DATABASE_URL,
      /** The server behind a pooler, for migrations. */
      direct: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
      /** A server that follows it, for reads that may be of a moment ago. */
      replica: env.DATABASE_REPLICA_URL,
      /** How long to wait for it at start. */
      connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT * SECONDS,
      /** Connections that are kept, and how many more a burst may open. */
      pool: { size: env.CONNECTION_POOL_SIZE, overflow: env.MAX_OVERFLOW },
      /** Whether statements are prepared once a connection: not through a transaction-pooling proxy, which a URL may name. */
      prepare:
        env.PREPARED_STATEMENTS === undefined ? env.DATABASE_URL === undefined : env.PREPARED_STATEMENTS === 'on',
      /** How long a transaction's statement may run, wait for a lock, or be waited for. */
      timeouts: {
        statementMs: Math.round(env.STATEMENT_TIMEOUT * SECONDS),
        lockMs: Math.round(env.LOCK_TIMEOUT * SECONDS),
        idleInTransactionMs: Math.round(env.IDLE_IN_TRANSACTION_TIMEOUT * SECONDS),
      },
    },
    /** How long requests are taken as before when a shutdown has begun, and how long all of it may take. */
    shutdown: {
      delayMs: Math.round(env.SHUTDOWN_DELAY * SECONDS),
      timeoutMs: Math.round(env.SHUTDOWN_TIMEOUT * SECONDS),
    },
    embedded: { dataDir: env.DATA_DIR, port: env.EMBEDDED_PORT },
    /** Writes that may wait for the next transaction. */
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
    /** The program that administers tests; null: there is none. */
    evaluator:
      env.CUSTODY_EVALUATOR_URL === undefined
        ? null
        : {
            url: env.CUSTODY_EVALUATOR_URL,
            /** What signs the requests to it; undefined: they aren't signed. */
            secret: env.CUSTODY_EVALUATOR_SECRET,
            timeoutMs: Math.round(env.CUSTODY_EVALUATOR_TIMEOUT * SECONDS),
          },
    /** What the custody protocol demands of an agent, and when it is to be tested. */
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
