import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { DATABASE_FORM, findDatabaseForm } from './storage/index.js';
import { ReadReplica, TransactionRunner } from './transactions/index.js';

const databaseForm = {
  provide: DATABASE_FORM,
  inject: [DataSource],
  useFactory: ({ manager }: DataSource) => findDatabaseForm(manager),
};

/** The connection pool, the database's form and the transaction runner, for every module. The schema must be migrated by then. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param replica where reads go that may be of a moment ago; without it, to the same server */
  static register(options: DataSourceOptions, replica?: DataSourceOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: 1 })],
      providers: [
        TransactionRunner,
        databaseForm,
        { provide: ReadReplica, useFactory: () => new ReadReplica(replica) },
      ],
      exports: [TransactionRunner, databaseForm],
    };
  }
}
