import { type DynamicModule, Module } from '@nestjs/common';
import { DefaultAgents } from './agent-metrics/default-agents.js';
import type { DatabaseConnection } from './config/database-url.js';
import type { Settings } from './config/settings.js';
import { CoreModule } from './core.module.js';
import { HealthModule } from './health/health.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { TransferModule } from './transfer/transfer.module.js';

/** The service, on a database that is reachable and migrated. */
@Module({})
export class AppModule {
  static register(settings: Settings, connection: DatabaseConnection): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.register(settings, connection),
        TransferModule,
        HealthModule,
        TelemetryModule.register(settings),
      ],
      providers: [DefaultAgents],
    };
  }
}
