import type { Type } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AgentMetricsService } from '../../src/agent-metrics/write/agent-metrics.service.js';
import { AgentMetricsQueries } from '../../src/agent-metrics/read/agent-metrics.queries.js';
import { AgentEvents } from '../../src/agent-metrics/read/agent-events.js';
import { LeaderboardQueries } from '../../src/agent-metrics/read/leaderboard.queries.js';
import { AnalyticsService } from '../../src/agent-metrics/read/analytics.service.js';
import { AppModule } from '../../src/app.module.js';
import { loadSettings } from '../../src/config/settings.js';
import { TransactionRunner } from '../../src/database/transactions/transaction-runner.js';
import { CustodyService } from '../../src/custody/custody.service.js';
import { TestAdministration } from '../../src/custody/evaluation/test-administration.service.js';
import { LedgerRepository } from '../../src/ledger/ledger.repository.js';
import { stopClock } from './stopped-clock.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The service as other Nest modules get it, without HTTP, on a database of its own. */
export interface TestService {
  context: INestApplicationContext;
  service: AgentMetricsService;
  analytics: AnalyticsService;
  custody: CustodyService;
  administration: TestAdministration;
  queries: AgentMetricsQueries;
  events: AgentEvents;
  leaderboard: LeaderboardQueries;
  ledger: LedgerRepository;
  dataSource: DataSource;
  transactions: TransactionRunner;
  database: TestDatabase;
  /** Returns a provider of the application. */
  get<T>(token: Type<T>): T;
  /** Sets the clock, which then stands still. */
  setClock(time: Date): void;
  /** Shuts the service down, and leaves its database. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param variables environment variables that are to differ from the defaults
 * @param shared another instance's database, which stays that one's to drop
 */
export async function startTestService(
  variables: Record<string, string> = {},
  shared?: TestDatabase,
): Promise<TestService> {
  const database = shared ?? (await createTestDatabase());
  const settings = loadSettings({ CONNECTION_POOL_SIZE: '2', ...variables });
  const context = await NestFactory.createApplicationContext(AppModule.register(settings, database.connection), {
    logger: false,
    abortOnError: false,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= context.close());
  return {
    get: (token) => context.get(token, { strict: false }),
    context,
    service: context.get(AgentMetricsService, { strict: false }),
    analytics: context.get(AnalyticsService, { strict: false }),
    custody: context.get(CustodyService, { strict: false }),
    administration: context.get(TestAdministration, { strict: false }),
    queries: context.get(AgentMetricsQueries, { strict: false }),
    events: context.get(AgentEvents, { strict: false }),
    leaderboard: context.get(LeaderboardQueries, { strict: false }),
    ledger: context.get(LedgerRepository, { strict: false }),
    dataSource: context.get(DataSource, { strict: false }),
    transactions: context.get(TransactionRunner, { strict: false }),
    database,
    setClock: (time) => {
      stopClock(context, time);
    },
    stop,
    close: async () => {
      await stop();
      if (!shared) await database.drop();
    },
  };
}
