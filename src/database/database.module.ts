import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { findStorageForm, STORAGE_FORM } from './storage/index.js';
import { ReadReplica, TransactionRunner } from './transactions/index.js';

const storageForm = {
  provide: STORAGE_FORM,
  inject: [DataSource],
  useFactory: ({ manager }: DataSource) => findStorageForm(manager),
};

/** Provides the connection pool, the storage form and the transaction runner. The schema must be migrated. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param replica server for reads that may be slightly stale; default: the same server */
  static register(options: DataSourceOptions, replica?: DataSourceOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: 1 })],
      providers: [TransactionRunner, storageForm, { provide: ReadReplica, useFactory: () => new ReadReplica(replica) }],
      exports: [TransactionRunner, storageForm],
    };
  }
}
