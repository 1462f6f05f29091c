import { type DynamicModule, Module } from '@nestjs/common';
import { AgentMetricsModule } from './agent-metrics/agent-metrics.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ClockModule } from './common/clock.module.js';
import type { DatabaseConnection } from './config/database-url.js';
import { SettingsModule } from './config/settings.module.js';
import type { Settings } from './config/settings.js';
import { CustodyModule } from './custody/custody.module.js';
import { ENTITIES } from './data-model.js';
import { dataSourceOptions } from './database/data-source-options.js';
import { DatabaseModule } from './database/database.module.js';

/** What the service and the commands share, wired to a database that is reachable and migrated. Writes nothing by itself. */
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
          dataSourceOptions(connection, poolOptions, ENTITIES),
          replica && dataSourceOptions(replica, poolOptions, []),
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
