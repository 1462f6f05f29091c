import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { settingsProblems } from '../../test/support/settings-problems.js';
import { loadSettings } from './settings.js';

const WEBHOOK_SECRET = `whsec_${'A'.repeat(44)}`;

describe('loadSettings', () => {
  it.each([
    [{}, true],
    [{ DATABASE_URL: 'postgresql://user@host/database' }, false],
    [{ DATABASE_URL: 'postgresql://user@host/database', PREPARED_STATEMENTS: 'on' }, true],
    [{ PREPARED_STATEMENTS: 'OFF' }, false],
  ])('with %j prepares statements: %p', (variables, prepare) => {
    expect(loadSettings(variables).database.prepare).toBe(prepare);
  });

  it('has the documented defaults', () => {
    expect(loadSettings({})).toEqual({
      auth: { required: true, adminKey: undefined, jwt: null },
      http: {
        legacyPaths: true,
        host: '127.0.0.1',
        port: 8000,
        trustedProxies: undefined,
        corsOrigins: undefined,
        rateLimit: undefined,
        timeouts: { requestMs: 60_000, headersMs: 15_000, stallMs: 120_000, keepAliveMs: 72_000 },
        maxConnections: 10_000,
        maxEventLoopDelayMs: 1_000,
      },
      workers: 1,
      logLevel: 'info',
      telemetry: { logRequests: true, metrics: true, traces: null },
      database: {
        connection: undefined,
        direct: undefined,
        replica: undefined,
        connectTimeoutMs: 60_000,
        pool: { size: 20, overflow: 30 },
        prepare: true,
        timeouts: { statementMs: 15_000, lockMs: 3_000, idleInTransactionMs: 10_000 },
      },
      shutdown: { delayMs: 0, timeoutMs: 25_000 },
      embedded: { dataDir: '.data', port: undefined },
      ingestMaxBytes: 268_435_456,
      commitQueueSize: 10_000,
      rules: {
        passMark: 70,
        maxXpAwarded: 1_000,
        windows: { testHistory: 50, learningPatterns: 100, improvementSuggestions: 50 },
        sizes: { document: 65_536, listItem: 4_096 },
      },
      feed: { maxReaders: 200, heartbeatMs: 15_000 },
      webhooks: {
        allowPrivate: false,
        timeoutMs: 10_000,
        retryDelaysMs: [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400].map(
          (seconds) => seconds * 1_000,
        ),
      },
      evaluator: null,
      custody: {
        propose: { maxFailureStreak: 3, passWindowMs: 24 * 3_600_000 },
        levelUp: { minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 100 },
        schedule: { testIntervalMs: 4 * 3_600_000, retryDelayMs: 2 * 3_600_000 },
      },
    });
  });

  it.each([
    ['CUSTODY_EVALUATOR_URL', { CUSTODY_EVALUATOR_URL: 'evaluator' }],
    ['CUSTODY_EVALUATOR_URL', { CUSTODY_EVALUATOR_URL: 'http://user:password@127.0.0.1' }],
    ['CUSTODY_EVALUATOR_SECRET', { CUSTODY_EVALUATOR_URL: 'https://evaluator.example.org' }],
    ['CUSTODY_EVALUATOR_SECRET', { CUSTODY_EVALUATOR_URL: 'http://localhost', CUSTODY_EVALUATOR_SECRET: 'short' }],
    ['CUSTODY_EVALUATOR_SECRET', { CUSTODY_EVALUATOR_SECRET: WEBHOOK_SECRET }],
    ['CUSTODY_EVALUATOR_TIMEOUT', { CUSTODY_EVALUATOR_URL: 'http://localhost', STALL_TIMEOUT: '30' }],
    ['ADMIN_KEY', { ADMIN_KEY: 'short' }],
    ['ADMIN_KEY', { ADMIN_KEY: `${'a'.repeat(40)} b` }],
    ['ADMIN_KEY_FILE', { ADMIN_KEY_FILE: '/nowhere/key' }],
    ['ADMIN_KEY_FILE', { ADMIN_KEY_FILE: 'package.json' }],
    ['JWT_AUDIENCE', { JWT_ISSUER: 'https://issuer.example.org' }],
    ['JWT_AUDIENCE', { JWT_AUDIENCE: 'agent-metrics' }],
    ['JWT_ISSUER', { JWT_ISSUER: 'http://issuer.example.org', JWT_AUDIENCE: 'agent-metrics' }],
    ['JWT_JWKS_URL', { JWT_JWKS_URL: 'https://issuer.example.org/keys' }],
    ['AUTH', { AUTH: 'maybe' }],
  ])('refuses %s in %j, without showing a key', (name, variables) => {
    const problems = settingsProblems(variables);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([name]);
    expect(problems.join()).not.toMatch(/short|aaaa/);
  });

  it('takes a key from a file, and an issuer of tokens', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lvlup-key-')), 'key');
    writeFileSync(file, `${'k'.repeat(32)}\n`);
    const { auth } = loadSettings({
      AUTH: 'off',
      ADMIN_KEY_FILE: file,
      JWT_ISSUER: 'https://issuer.example.org',
      JWT_AUDIENCE: 'agent-metrics',
    });
    expect(auth).toEqual({
      required: false,
      adminKey: 'k'.repeat(32),
      jwt: {
        issuer: 'https://issuer.example.org',
        audience: 'agent-metrics',
        jwksUrl: undefined,
        scopePrefix: 'agent-metrics:',
      },
    });
    rmSync(dirname(file), { recursive: true });
  });

  it('takes the thresholds of the custody protocol, hours also in parts', () => {
    const { custody } = loadSettings({
      PROPOSAL_MAX_FAILURE_STREAK: '0',
      PROPOSAL_PASS_WINDOW_HOURS: '0.5',
      LEVEL_UP_MIN_PASS_RATE: '1',
      LEVEL_UP_MAX_FAILURE_STREAK: '7',
      LEVEL_UP_MIN_CUSTODY_XP: '2500',
      CUSTODY_TEST_INTERVAL_HOURS: '0.001',
      CUSTODY_RETRY_DELAY_HOURS: '8760',
    });
    expect(custody).toEqual({
      propose: { maxFailureStreak: 0, passWindowMs: 1_800_000 },
      levelUp: { minPassRate: 1, maxFailureStreak: 7, minCustodyXp: 2_500 },
      schedule: { testIntervalMs: 3_600, retryDelayMs: 31_536_000_000 },
    });
  });

  it.each([
    ['PROPOSAL_MAX_FAILURE_STREAK', '-1'],
    ['PROPOSAL_MAX_FAILURE_STREAK', '1.5'],
    ['MAX_DOCUMENT_BYTES', '1'],
    ['MAX_DOCUMENT_BYTES', '1048577'],
    ['MAX_LIST_ITEM_BYTES', '1.5'],
    ['PROPOSAL_PASS_WINDOW_HOURS', '0'],
    ['PROPOSAL_PASS_WINDOW_HOURS', '8761'],
    ['LEVEL_UP_MIN_PASS_RATE', '80'],
    ['LEVEL_UP_MAX_FAILURE_STREAK', 'two'],
    ['LEVEL_UP_MIN_CUSTODY_XP', '2147483648'],
    ['CUSTODY_TEST_INTERVAL_HOURS', '-4'],
    ['CUSTODY_RETRY_DELAY_HOURS', '2h'],
  ])('refuses %s=%s', (name, value) => {
    expect(settingsProblems({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'lvlup-agent-metrics', 1],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        OTEL_SERVICE_NAME: 'score',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
      },
      'score',
      0.25,
    ],
  ])('traces with %j', (variables, serviceName, sampled) => {
    const traces = { endpoint: 'http://collector:4318', serviceName, sampled };
    expect(loadSettings(variables).telemetry.traces).toEqual(traces);
  });

  it.each([
    ['LOG_REQUESTS', 'some'],
    ['METRICS', '1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'nonsense'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('refuses %s=%s', (name, value) => {
    expect(settingsProblems({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadSettings({ PORT: '', DATABASE_URL: ' ' })).toEqual(loadSettings({}));
  });

  it('reports all bad variables at once, by name and reason', () => {
    const problems = settingsProblems({
      PORT: '80000',
      CONNECTION_POOL_SIZE: 'many',
      MAX_TEST_HISTORY_SIZE: '0',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:secret@host/db',
    });
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'CONNECTION_POOL_SIZE',
      'DATABASE_URL',
      'LOG_LEVEL',
      'MAX_TEST_HISTORY_SIZE',
      'PORT',
    ]);
    expect(problems.every((problem) => problem.length > 'PORT: '.length)).toBe(true);
  });

  it('refuses a server behind a pooler without the pooler', () => {
    expect(settingsProblems({ DATABASE_DIRECT_URL: 'postgresql://u:p@h/d' })).toEqual([
      expect.stringMatching(/^DATABASE_DIRECT_URL: /),
    ]);
  });

  it('refuses a replica without its primary', () => {
    expect(settingsProblems({ DATABASE_REPLICA_URL: 'postgresql://u:p@h/d' })).toEqual([
      expect.stringMatching(/^DATABASE_REPLICA_URL: /),
    ]);
  });

  it('refuses a shutdown that would be over before its delay is', () => {
    expect(settingsProblems({ SHUTDOWN_DELAY: '25' })).toEqual([
      expect.stringMatching(/^SHUTDOWN_DELAY: .*SHUTDOWN_TIMEOUT/),
    ]);
    expect(settingsProblems({ SHUTDOWN_DELAY: '25', SHUTDOWN_TIMEOUT: '26' })).toEqual([]);
  });

  it('never repeats a password', () => {
    const urls = ['mysql://u:secret@h/d', 'postgresql://u:secret@h:port/d', 'postgresql://u:secret@/d?sslmode=maybe'];
    for (const DATABASE_URL of urls) {
      const problems = settingsProblems({ DATABASE_URL });
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain('secret');
    }
  });

  it.each(['DEBUG', 'warning', 'Info'])('takes the log level %s', (LOG_LEVEL) => {
    expect(loadSettings({ LOG_LEVEL }).logLevel).toBe(LOG_LEVEL.toLowerCase());
  });

  it('migrates through DATABASE_DIRECT_URL where there is a pooler', () => {
    const { database } = loadSettings({
      DATABASE_URL: 'postgresql://u:p@pooler/d',
      DATABASE_DIRECT_URL: 'postgresql://u:p@server/d',
    });
    expect([database.connection?.host, database.direct?.host]).toEqual(['pooler', 'server']);
  });
});
