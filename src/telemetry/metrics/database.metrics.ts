import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import { STATEMENT_KINDS, statementChannel, TRANSACTION_OUTCOMES, transactionChannel } from '../../common/index.js';
import { getPoolState } from '../../database/client/index.js';
import { Subscriptions } from '../subscriptions.js';
import { DURATION_BUCKETS, secondsSince } from './duration-buckets.js';
import { MetricRegistry } from './metric-registry.js';

/** Metrics of statements, transactions and the connection pool. */
@Injectable()
export class DatabaseMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly statements: Histogram<'statement' | 'outcome'>;
  private readonly transactions: Histogram<'outcome'>;
  private readonly retries: Counter;

  constructor(registry: MetricRegistry, dataSource: DataSource) {
    const registers = [registry];
    this.statements = new Histogram({
      name: 'lvlup_database_statement_duration_seconds',
      help: 'Time from sending a statement to its result, by kind of statement. Statements of a transaction are pipelined and wait for each other.',
      labelNames: ['statement', 'outcome'],
      buckets: DURATION_BUCKETS,
      registers,
    });
    for (const statement of STATEMENT_KINDS) this.statements.zero({ statement, outcome: 'ok' });
    this.transactions = new Histogram({
      name: 'lvlup_transaction_duration_seconds',
      help: 'Duration of a transaction, including the wait for a connection, by outcome. Unknown: the connection was lost at COMMIT.',
      labelNames: ['outcome'],
      buckets: DURATION_BUCKETS,
      registers,
    });
    for (const outcome of TRANSACTION_OUTCOMES) this.transactions.zero({ outcome });
    this.retries = new Counter({
      name: 'lvlup_transaction_retries_total',
      help: 'Transactions that were retried after a conflict with another transaction.',
      registers,
    });
    const pool = () => getPoolState(dataSource);
    new Gauge({
      name: 'lvlup_database_pool_connections',
      help: 'Connections of the pool, by state.',
      labelNames: ['state'],
      registers,
      collect() {
        const { used, idle } = pool();
        this.set({ state: 'used' }, used);
        this.set({ state: 'idle' }, idle);
      },
    });
    new Gauge({
      name: 'lvlup_database_pool_max_connections',
      help: 'Maximum connections of the pool: CONNECTION_POOL_SIZE plus MAX_OVERFLOW.',
      registers,
      collect() {
        this.set(pool().max);
      },
    });
    new Gauge({
      name: 'lvlup_database_pool_waiting',
      help: 'Operations that wait for a connection of the pool.',
      registers,
      collect() {
        this.set(pool().waiting);
      },
    });
  }

  onModuleInit(): void {
    this.subscriptions.to(statementChannel.asyncEnd, ({ kind, startedAt, error }) => {
      this.statements.observe(
        { statement: kind, outcome: error === undefined ? 'ok' : 'failed' },
        secondsSince(startedAt),
      );
    });
    this.subscriptions.to(transactionChannel.asyncEnd, ({ outcome, startedAt }) => {
      this.transactions.observe({ outcome }, secondsSince(startedAt));
    });
    this.subscriptions.to(transactionChannel.start, ({ attempt }) => {
      if (attempt > 1) this.retries.inc();
    });
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }
}
