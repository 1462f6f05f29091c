import { type DynamicModule, Module } from '@nestjs/common';
import { DefaultAgents } from './agent-metrics/default-agents.js';
import type { DatabaseConnection } from './config/database-url.js';
import type { Settings } from './config/settings.js';
import { CoreModule } from './core.module.js';
import { HealthModule } from './health/health.module.js';
import type { Outage } from './health/outage.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { TransferModule } from './transfer/transfer.module.js';

/** The service, on a database that is reachable and migrated. */
@Module({})
export class AppModule {
  /** @param outage asked why a server that was started for this service is away */
  static register(settings: Settings, connection: DatabaseConnection, outage: Outage = () => undefined): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.register(settings, connection),
        TransferModule,
        HealthModule.register(outage),
        TelemetryModule.register(settings),
      ],
      providers: [DefaultAgents],
    };
  }
}
