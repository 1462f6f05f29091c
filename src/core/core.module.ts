import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentMetricsModule } from '../agent-metrics/index.js';
import { AuthModule } from '../auth/index.js';
import { type DatabaseConnection, type Settings, SettingsModule } from '../config/index.js';
import { CustodyModule } from '../custody/index.js';
import { buildDataSourceOptions } from '../database/schema/index.js';
import { PoolSessions } from '../database/transactions/index.js';
import { ENTITIES } from './entities.js';

/**
 * Modules that the service and the CLI commands share. The database must be migrated. Writes nothing at start-up. Other
 * modules of the service use what it exports without importing it.
 */
@Module({})
export class CoreModule {
  static register(settings: Settings, connection: DatabaseConnection): DynamicModule {
    return buildCoreModules(settings, connection).core;
  }
}

/** Builds the CoreModule, and the AgentMetricsModule and the CustodyModule in it. */
export function buildCoreModules(
  settings: Settings,
  connection: DatabaseConnection,
): { core: DynamicModule; metrics: DynamicModule; custody: DynamicModule } {
  const { pool, prepare, timeouts, replica } = settings.database;
  const poolOptions = { ...pool, prepare, ...timeouts };
  const { rules, commitQueueSize, evaluator } = settings;
  const metrics = AgentMetricsModule.forRoot({
    rules,
    commitQueueSize,
    controllers: true,
    // The hooks of the application decide, before the body is read.
    access: 'host',
    sessions: (dataSource) => new PoolSessions(dataSource),
    replica: replica && buildDataSourceOptions(replica, poolOptions, []),
  });
  const custody = CustodyModule.forRoot({ metrics, controllers: true, ...settings.custody, evaluator });
  const core = {
    module: CoreModule,
    global: true,
    imports: [
      SettingsModule.register(settings),
      TypeOrmModule.forRoot({ ...buildDataSourceOptions(connection, poolOptions, ENTITIES), retryAttempts: 1 }),
      AuthModule.register(settings, [metrics]),
      metrics,
      custody,
    ],
    exports: [AuthModule, metrics, custody],
  };
  return { core, metrics, custody };
}
