import { type DynamicModule, Module } from '@nestjs/common';
import { AgentMetricsModule } from './agent-metrics/agent-metrics.module.js';
import { ClockModule } from './common/clock.module.js';
import type { DatabaseConnection } from './config/database-url.js';
import { SettingsModule } from './config/settings.module.js';
import type { Settings } from './config/settings.js';
import { CustodyModule } from './custody/custody.module.js';
import { ENTITIES } from './data-model.js';
import { dataSourceOptions } from './database/data-source-options.js';
import { DatabaseModule } from './database/database.module.js';
import { HealthModule } from './health/health.module.js';

/** Wires the application to a database that is reachable and migrated. */
@Module({})
export class AppModule {
  static register(settings: Settings, connection: DatabaseConnection): DynamicModule {
    const { pool, prepare, timeouts } = settings.database;
    return {
      module: AppModule,
      imports: [
        SettingsModule.register(settings),
        DatabaseModule.register(dataSourceOptions(connection, { ...pool, prepare, ...timeouts }, ENTITIES)),
        ClockModule,
        AgentMetricsModule,
        CustodyModule,
        HealthModule,
      ],
    };
  }
}
