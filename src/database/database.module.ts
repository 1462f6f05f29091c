import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DATABASE_FORM, findDatabaseForm } from './database-form.js';
import { TransactionRunner } from './transaction-runner.js';

/** The connection pool, the database's form and the transaction runner, for every module. The schema must be migrated by then. */
const databaseForm = {
  provide: DATABASE_FORM,
  inject: [DataSource],
  useFactory: ({ manager }: DataSource) => findDatabaseForm(manager),
};

@Global()
@Module({})
export class DatabaseModule {
  static register(options: DataSourceOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: 1 })],
      providers: [TransactionRunner, databaseForm],
      exports: [TransactionRunner, databaseForm],
    };
  }
}
