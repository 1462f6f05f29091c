import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { ReadReplica } from './read-replica.js';
import { TransactionRunner } from './transaction-runner.js';

/** The connection pool and the transaction runner, for every module. The schema must be migrated by then. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param replica where reads go that may be of a moment ago; without it, to the same server */
  static register(options: DataSourceOptions, replica?: DataSourceOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: 1 })],
      providers: [TransactionRunner, { provide: ReadReplica, useFactory: () => new ReadReplica(replica) }],
      exports: [TransactionRunner],
    };
  }
}
