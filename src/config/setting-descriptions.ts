import type { SettingName } from './settings.js';

/** Documentation of a setting, from which docs/configuration.md is generated. */
export interface SettingDescription {
  /** The effect of the setting, as Markdown. */
  meaning: string;
  /** Unit of a number, such as `s`. */
  unit?: string;
  /** Accepted values, if the schema's type and bounds do not express them. */
  range?: string;
  /** Default, if it is not a constant of the schema. */
  default?: string;
}

/** One entry for each setting; a missing one does not compile. */
export const SETTING_DESCRIPTIONS: Readonly<Record<SettingName, SettingDescription>> = {
  HOST: { range: 'address', meaning: 'Address on which the service listens. `0.0.0.0` for all interfaces.' },
  PORT: { meaning: 'Port on which the service listens. 0 selects a free port, which is logged.' },
  WORKERS: {
    meaning:
      'Processes that share `HOST` and `PORT`. 1: this process. Choose the number of cores that the service may use ' +
      '([details](scaling.md#workers)).',
  },

  AUTH: { meaning: '`off`: every request is allowed, with or without an API key.' },
  ADMIN_KEY: {
    range: '32 to 512 printable ASCII characters',
    meaning: 'API key with the scope admin. Excludes `ADMIN_KEY_FILE`.',
  },
  ADMIN_KEY_FILE: { range: 'path', meaning: 'File that contains the admin key, such as a mounted secret.' },
  JWT_ISSUER: {
    range: '`https://` URL',
    meaning: 'OIDC issuer whose tokens are accepted. `http://` is allowed for localhost. Requires `JWT_AUDIENCE`.',
  },
  JWT_AUDIENCE: { range: 'text', meaning: 'Audience that tokens must name. Requires `JWT_ISSUER`.' },
  JWT_JWKS_URL: {
    range: '`https://` URL',
    default: "from the issuer's metadata",
    meaning: "URL of the issuer's public keys. Requires `JWT_ISSUER`.",
  },
  JWT_SCOPE_PREFIX: { range: 'text', meaning: "Prefix of `read`, `write` and `admin` in a token's scopes." },

  LVLUP_API_KEY: {
    range: '1 to 8,192 printable ASCII characters',
    meaning:
      'API key or token of CLI commands that call a remote service (`gate --url`, `ingest --url`). The service ignores it.',
  },

  LOG_LEVEL: { range: '[log level](#log-levels)', meaning: 'Least severe level that is logged.' },
  LOG_REQUESTS: { meaning: 'Writes one log line for each request.' },
  METRICS: { meaning: 'Serves Prometheus metrics at `/metrics`.' },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    range: '`http(s)://` URL',
    meaning: 'OpenTelemetry collector that receives [traces](telemetry.md#traces). Without it, tracing is off.',
  },
  OTEL_SERVICE_NAME: { range: 'text', meaning: 'Service name in traces.' },
  OTEL_TRACES_SAMPLER_ARG: { meaning: 'Share of the requests without a `traceparent` that are traced.' },

  DATABASE_URL: {
    range: '[URL](#external-database)',
    meaning: 'PostgreSQL server to use. Without it, the embedded PostgreSQL is started.',
  },
  DATABASE_DIRECT_URL: {
    range: '[URL](#external-database)',
    default: '`DATABASE_URL`',
    meaning:
      'The server behind the connection pooler in `DATABASE_URL`. Used by the wait at start, the schema migrations, the ' +
      'CLI commands and `db:query`.',
  },
  DATABASE_REPLICA_URL: {
    range: '[URL](#external-database)',
    meaning:
      'Replica of the server, used for analytics and rankings ([details](availability.md#read-replica)). Requires ' +
      '`DATABASE_URL`.',
  },
  DATABASE_CONNECT_TIMEOUT: { unit: 's', meaning: 'Time to wait at start for an unavailable server.' },
  CONNECTION_POOL_SIZE: { meaning: 'Connections that are kept open, by all workers together. At least `WORKERS`.' },
  MAX_OVERFLOW: { meaning: 'Additional connections of all workers under load. They are closed after 10 idle seconds.' },
  PREPARED_STATEMENTS: {
    default: '[depends](#prepared-statements)',
    meaning: 'Statements are parsed and planned once for each connection.',
  },
  STATEMENT_TIMEOUT: { unit: 's', meaning: 'Maximum duration of a statement.' },
  LOCK_TIMEOUT: {
    unit: 's',
    meaning:
      'Maximum wait for an agent that is locked by another transaction. Should be less than `STATEMENT_TIMEOUT`, which ' +
      'fails the other writes of the transaction as well.',
  },
  IDLE_IN_TRANSACTION_TIMEOUT: { unit: 's', meaning: 'Maximum time between two statements of a transaction.' },

  DATA_DIR: {
    range: 'folder',
    meaning: 'Data folder. The embedded PostgreSQL stores its data in `postgres` below it.',
  },
  EMBEDDED_PORT: { meaning: 'Port on 127.0.0.1 on which the embedded PostgreSQL listens, for psql.' },

  SHUTDOWN_DELAY: {
    unit: 's',
    meaning:
      'Time for which a shutdown continues to accept requests, so that load balancers notice. Less than ' +
      '`SHUTDOWN_TIMEOUT`.',
  },
  SHUTDOWN_TIMEOUT: {
    unit: 's',
    meaning: 'Maximum duration of a shutdown. Requests that are still open are cut off.',
  },

  MAX_TEST_HISTORY_SIZE: { meaning: 'Window size of `test_history`.' },
  MAX_LEARNING_PATTERNS_SIZE: { meaning: 'Window size of `learning_patterns`.' },
  MAX_IMPROVEMENT_SUGGESTIONS_SIZE: { meaning: 'Window size of `improvement_suggestions`.' },
  MAX_DOCUMENT_BYTES: { unit: 'bytes', meaning: 'Maximum size of `capabilities` and `config`, as JSON in UTF-8.' },
  MAX_LIST_ITEM_BYTES: {
    unit: 'bytes',
    meaning: 'Maximum size of an item that a PUT or a learning request adds to one of the three lists.',
  },
  INGEST_MAX_SIZE: {
    unit: 'bytes',
    meaning:
      'Maximum size of a file sent to `POST /api/ingest`. The temporary folder must have room for two such files for each ' +
      'worker.',
  },
  FEED_MAX_READERS: {
    meaning:
      'Streams of `GET /api/feed` that an instance serves at a time. Further ones are refused with 503. At least `WORKERS`.',
  },
  FEED_HEARTBEAT: {
    unit: 's',
    meaning: 'Time after which a silent stream of the feed sends a comment; at most half of `STALL_TIMEOUT`.',
  },
  WEBHOOK_ALLOW_PRIVATE: {
    meaning: 'Whether webhook endpoints may be at private, loopback and link-local addresses, and use http.',
  },
  WEBHOOK_TIMEOUT: { unit: 's', meaning: 'Time for the receiver of a webhook to respond.' },
  WEBHOOK_RETRY_DELAYS: {
    range: '1 to 50 numbers of seconds, 0.001 to 604800, separated by commas',
    default: '5 s to 24 h, 4 days in total',
    meaning:
      'Delays before the second, third, … attempt to deliver a webhook. After the last one fails, the endpoint is disabled.',
  },
  COMMIT_QUEUE_SIZE: {
    meaning: 'Writes that may wait for the next round. Further writes are refused with 503. At least `WORKERS`.',
  },

  PASS_MARK: { meaning: 'Lowest score with which an adversarial test is passed.' },
  MAX_XP_AWARDED: {
    meaning: 'Maximum XP that one result or one learning request awards. PUT and `custody-xp` are not limited.',
  },
  PROPOSAL_MAX_FAILURE_STREAK: { meaning: 'Proposal gate: maximum number of consecutive failed tests.' },
  PROPOSAL_PASS_WINDOW_HOURS: { unit: 'h', meaning: 'Proposal gate: maximum age of the last passed test.' },
  LEVEL_UP_MIN_PASS_RATE: {
    meaning: 'Level-up gate: minimum pass rate of the last 5 tests, of which at least 3 must exist.',
  },
  LEVEL_UP_MAX_FAILURE_STREAK: { meaning: 'Level-up gate: maximum number of consecutive failed tests.' },
  LEVEL_UP_MIN_CUSTODY_XP: { meaning: 'Level-up gate: minimum custody XP.' },
  CUSTODY_TEST_INTERVAL_HOURS: { unit: 'h', meaning: 'Time from a test to the next regular test.' },
  CUSTODY_RETRY_DELAY_HOURS: { unit: 'h', meaning: 'Time from a failed test to its retry.' },
  CUSTODY_EVALUATOR_URL: {
    range: '`http(s)://` URL',
    meaning: 'Evaluator that administers tests for `POST /api/custody/test/…`. Must not contain credentials.',
  },
  CUSTODY_EVALUATOR_SECRET: {
    range: '`whsec_` and base64 of 24 to 64 bytes',
    meaning: 'Signs requests to the evaluator. Required unless the evaluator runs on this machine.',
  },
  CUSTODY_EVALUATOR_TIMEOUT: {
    unit: 's',
    meaning: 'Maximum time for the evaluator to respond. Less than `STALL_TIMEOUT`.',
  },

  LEGACY_PATHS: { meaning: 'Also serves the API below `/custody` and `/agent-metrics`, without the prefix `/api`.' },
  TRUST_PROXY: {
    range: '[addresses](#reverse-proxy)',
    meaning: 'Proxies whose `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` are trusted.',
  },
  CORS_ORIGINS: {
    range: 'comma-separated origins',
    meaning: 'Origins whose pages may call the API from a browser.',
  },
  RATE_LIMIT: {
    range: 'such as `10/second`, `600/minute`, `20000/hour`',
    meaning: 'Maximum number of requests for each caller, to all workers together.',
  },
  REQUEST_TIMEOUT: { unit: 's', meaning: 'Maximum time to receive a request.' },
  HEADERS_TIMEOUT: { unit: 's', meaning: 'Maximum time to receive the headers, within `REQUEST_TIMEOUT`.' },
  STALL_TIMEOUT: {
    unit: 's',
    meaning: 'Maximum time without progress during an exchange, such as a client that does not read.',
  },
  KEEP_ALIVE_TIMEOUT: {
    unit: 's',
    meaning: 'Time for which an idle connection is kept. Longer than the keep-alive of a proxy in front.',
  },
  MAX_CONNECTIONS: {
    meaning: 'Maximum number of open connections. Further ones are closed immediately. At least `WORKERS`.',
  },
  MAX_EVENT_LOOP_DELAY: { unit: 'ms', meaning: 'Event loop delay above which requests are refused.' },
};
