import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { TransactionRunner } from './transaction-runner.js';

/** The connection pool and the transaction runner, for every module. The schema must be migrated by then. */
@Global()
@Module({})
export class DatabaseModule {
  static register(options: DataSourceOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: 1 })],
      providers: [TransactionRunner],
      exports: [TransactionRunner],
    };
  }
}
