import { type DynamicModule, Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/index.js';
import { AuthModule } from '../auth/index.js';
import { ClockModule } from '../common/index.js';
import { type DatabaseConnection, type Settings, SettingsModule } from '../config/index.js';
import { CustodyModule } from '../custody/index.js';
import { ENTITIES } from './entities.js';
import { buildDataSourceOptions } from '../database/schema/index.js';
import { DatabaseModule } from '../database/index.js';

/** Modules that the service and the CLI commands share. The database must be migrated. Writes nothing at start-up. */
@Module({})
export class CoreModule {
  static register(settings: Settings, connection: DatabaseConnection): DynamicModule {
    const { pool, prepare, timeouts, replica } = settings.database;
    const poolOptions = { ...pool, prepare, ...timeouts };
    return {
      module: CoreModule,
      imports: [
        SettingsModule.register(settings),
        DatabaseModule.register(
          buildDataSourceOptions(connection, poolOptions, ENTITIES),
          replica && buildDataSourceOptions(replica, poolOptions, []),
        ),
        ClockModule,
        AuthModule,
        AgentMetricsModule,
        CustodyModule,
      ],
      exports: [AuthModule, AgentMetricsModule, CustodyModule],
    };
  }
}
