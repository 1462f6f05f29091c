import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type Provider,
  type Type,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  ACCESS_POLICY,
  type AccessPolicy,
  ALLOWED_ORIGINS,
  ApiKeys,
  AUTH_PROVIDERS,
  AUTH_SETTINGS,
  type AuthSettings,
  Callers,
} from '../auth/index.js';
import { Clock } from '../common/index.js';
import { assertSchemaName, migrateHost } from '../database/schema/index.js';
import { findStorageForm, STORAGE_FORM, type StorageForm } from '../database/storage/index.js';
import {
  HostSessions,
  ReadReplica,
  SESSION_SOURCE,
  type SessionSource,
  TransactionRunner,
} from '../database/transactions/index.js';
import { ALIAS_SOURCE, mountOn } from '../http/controllers/index.js';
import { LedgerRepository } from '../ledger/index.js';
import { AgentRollupQueries, TestRollupQueries } from '../rollups/index.js';
import { AgentMetricsController } from './api/agent-metrics.controller.js';
import { AllAgentsController } from './api/all-agents.controller.js';
import { AnalyticsController } from './api/analytics.controller.js';
import { ResultsController } from './api/results.controller.js';
import { EventsController } from './api/events.controller.js';
import { LifecycleController } from './api/lifecycle.controller.js';
import { DefaultAgents } from './default-agents.js';
import { type AgentMetricsOptions, DEFAULT_TIMEOUTS, toSettings } from './options.js';
import { AgentDocuments } from './read/agent-documents.js';
import { AgentEvents } from './read/agent-events.js';
import { AgentMetricsQueries } from './read/agent-metrics.queries.js';
import { AnalyticsService } from './read/analytics.service.js';
import { PastAgents } from './read/past-agents.js';
import { PastLeaderboard } from './read/past-leaderboard.js';
import { FilteredTestQueries } from './read/filtered-tests.queries.js';
import { LeaderboardQueries } from './read/leaderboard.queries.js';
import { assertMigrated } from './schema-check.js';
import { AGENT_METRICS_SETTINGS } from './settings.js';
import { AgentMetricsRepository } from './store/agent-metrics.repository.js';
import { AgentMetricsService } from './write/agent-metrics.service.js';
import { AgentCache } from './write/agent-cache.js';
import { AgentLocker } from './write/agent-locker.js';
import { CommandExecutor } from './write/command-executor.js';
import { RoundTransactions } from './write/round-transactions.js';
import { RoundWriter } from './write/round-writer.js';
import { EraseAgent } from './write/lifecycle/erase-agent.js';
import { MergeAgents } from './write/lifecycle/merge-agents.js';
import { RenameAgent } from './write/lifecycle/rename-agent.js';
import { GroupCommit } from './write/group-commit.js';
import { ON_RECORDED } from './write/on-recorded.js';
import { Recorder } from './write/recorder.js';
import { VoidingReader } from './write/voiding-reader.js';

/** Structure of the module, which must be known before its options. */
export interface AgentMetricsExtras {
  /** The DataSource of the tables, or its name in TypeOrmModule. Default: the default DataSource. */
  dataSource?: DataSource | string | undefined;
  /** Whether the module serves the REST API, and the prefix of its paths. Default: false. Default prefix: `api`. */
  controllers?: boolean | { prefix?: string } | undefined;
  /** Who may use the REST API. Required if this module or CustodyModule has controllers. */
  access?: AccessPolicy | undefined;
  /** Whether other modules can use the services without importing this module. Default: false. */
  isGlobal?: boolean | undefined;
  /** Whether the default agents are created at start-up. Default: false. */
  defaultAgents?: boolean | undefined;
}

/** All extras: Nest removes these from the options. */
const NO_EXTRAS: Required<{ [Key in keyof AgentMetricsExtras]: undefined }> = {
  dataSource: undefined,
  controllers: undefined,
  access: undefined,
  isGlobal: undefined,
  defaultAgents: undefined,
};
const CONTROLLERS: Type[] = [
  ResultsController,
  AllAgentsController,
  AnalyticsController,
  AgentMetricsController,
  EventsController,
  LifecycleController,
];

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AgentMetricsOptions>()
  .setClassMethodName('forRoot')
  .setExtras<AgentMetricsExtras>(
    NO_EXTRAS,
    (definition, { dataSource, controllers, access, isGlobal = false, defaultAgents = false }) => ({
      ...definition,
      global: isGlobal,
      providers: [
        ...(definition.providers ?? []),
        provideDataSource(dataSource),
        { provide: ACCESS_POLICY, useValue: access ?? null },
        ...(access === 'keys' ? KEYS : []),
        ...(defaultAgents ? [DefaultAgents] : []),
      ],
      controllers: mountOn(controllers, CONTROLLERS),
      exports: [...(definition.exports ?? []), ...(access === 'keys' ? [ApiKeys, Callers] : [])],
    }),
  )
  .build();

const DATA_SOURCE = Symbol('DataSource');

function provideDataSource(dataSource: DataSource | string | undefined): Provider {
  return typeof dataSource === 'object'
    ? { provide: DATA_SOURCE, useValue: dataSource }
    : { provide: DATA_SOURCE, useExisting: getDataSourceToken(dataSource) };
}

/** API keys and tokens, for the access policy `keys`. */
const KEYS: Provider[] = [
  ...AUTH_PROVIDERS,
  {
    provide: AUTH_SETTINGS,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ keys = {} }: AgentMetricsOptions): AuthSettings => ({
      auth: {
        required: true,
        adminKey: keys.adminKey,
        jwt: keys.jwt ? { jwksUrl: undefined, scopePrefix: 'agent-metrics:', ...keys.jwt } : null,
      },
      // Keys are required from all callers.
      http: { host: '0.0.0.0' },
    }),
  },
];

/** Providers that depend on the options. */
const FROM_OPTIONS: Provider[] = [
  { provide: AGENT_METRICS_SETTINGS, inject: [MODULE_OPTIONS_TOKEN], useFactory: toSettings },
  {
    provide: Clock,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ clock }: AgentMetricsOptions) => clock ?? new Clock(),
  },
  {
    provide: SESSION_SOURCE,
    inject: [MODULE_OPTIONS_TOKEN, DATA_SOURCE],
    useFactory: (options: AgentMetricsOptions, dataSource: DataSource) => createSessions(options, dataSource),
  },
  {
    provide: ReadReplica,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ replica }: AgentMetricsOptions) => new ReadReplica(replica),
  },
  {
    provide: ALLOWED_ORIGINS,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ allowedOrigins }: AgentMetricsOptions) => allowedOrigins ?? [],
  },
  {
    provide: ON_RECORDED,
    inject: [MODULE_OPTIONS_TOKEN],
    useFactory: ({ onRecorded }: AgentMetricsOptions) => onRecorded ?? null,
  },
  {
    provide: STORAGE_FORM,
    inject: [MODULE_OPTIONS_TOKEN, DATA_SOURCE, SESSION_SOURCE],
    useFactory: detectStorageForm,
  },
];

function createSessions(options: AgentMetricsOptions, dataSource: DataSource): SessionSource {
  if (options.sessions) return options.sessions(dataSource);
  if (!dataSource.isInitialized) {
    throw new Error(
      'The DataSource of AgentMetricsModule is not initialized. Call initialize() before the application starts.',
    );
  }
  const own = (dataSource.options as { schema?: string }).schema;
  const { schema = own ?? null, timeouts = DEFAULT_TIMEOUTS, currentManager } = options;
  if (schema !== null) assertSchemaName(schema);
  return new HostSessions(dataSource, { schema, timeouts, currentManager });
}

/** Detects the storage form, after the migrations of a host. The service runs its own before the modules are loaded. */
async function detectStorageForm(
  { sessions, migrate, schema }: AgentMetricsOptions,
  dataSource: DataSource,
  source: SessionSource,
): Promise<StorageForm> {
  if (!sessions) {
    if (migrate) await migrateHost(dataSource, schema);
    await source.read((session) => assertMigrated(session, schema));
  }
  return source.read(findStorageForm);
}

const EXPORTS: (Type | symbol)[] = [
  ACCESS_POLICY,
  ALIAS_SOURCE,
  ALLOWED_ORIGINS,
  AGENT_METRICS_SETTINGS,
  AgentEvents,
  AgentMetricsQueries,
  AgentMetricsService,
  AgentRollupQueries,
  AnalyticsService,
  Clock,
  GroupCommit,
  LeaderboardQueries,
  PastAgents,
  STORAGE_FORM,
  TestRollupQueries,
  TransactionRunner,
];

/**
 * Metrics of all agents. Exports AgentMetricsService, the queries, and what modules of the service need.
 *
 * `forRoot(options)` and `forRootAsync({ useFactory, inject, … })` create an instance for one DataSource and schema; several
 * instances can exist in one process. The tables must exist: see `migrate`.
 */
@Module({
  providers: [
    ...FROM_OPTIONS,
    AgentCache,
    AgentDocuments,
    AgentEvents,
    AgentLocker,
    AgentMetricsQueries,
    AgentMetricsRepository,
    AgentMetricsService,
    AgentRollupQueries,
    AnalyticsService,
    CommandExecutor,
    RoundTransactions,
    RoundWriter,
    FilteredTestQueries,
    GroupCommit,
    LeaderboardQueries,
    LedgerRepository,
    PastAgents,
    PastLeaderboard,
    Recorder,
    VoidingReader,
    EraseAgent,
    MergeAgents,
    RenameAgent,
    { provide: ALIAS_SOURCE, useExisting: AgentMetricsQueries },
    TestRollupQueries,
    TransactionRunner,
  ],
  exports: EXPORTS,
})
export class AgentMetricsModule extends ConfigurableModuleClass {
  /** Creates an instance of the module. */
  static override forRoot(options: AgentMetricsOptions & AgentMetricsExtras): DynamicModule {
    return super.forRoot(options);
  }

  /** Creates an instance whose options are provided: `useFactory` with `inject`, `useClass` or `useExisting`. */
  static override forRootAsync(
    options: ConfigurableModuleAsyncOptions<AgentMetricsOptions> & AgentMetricsExtras,
  ): DynamicModule {
    return super.forRootAsync(options);
  }

  /**
   * Creates or updates the tables, in one transaction and under a lock, so that all instances of an application can call it
   * at start-up. The migrations are recorded in the table `agent_metrics_migrations` of the schema.
   *
   * @param dataSource need not be initialized; the migrations use a connection of their own with its options
   * @param options `schema`: schema of the tables, created if it does not exist. Default: the schema of the DataSource, or
   *   the first schema of the search path
   * @returns the names of the migrations that ran
   */
  static async migrate(dataSource: DataSource, options: { schema?: string } = {}): Promise<string[]> {
    return migrateHost(dataSource, options.schema);
  }
}
