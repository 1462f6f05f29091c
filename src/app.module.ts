import { type DynamicModule, Module } from '@nestjs/common';
import { DefaultAgents } from './agent-metrics/index.js';
import type { DatabaseConnection, Settings } from './config/index.js';
import { CoreModule } from './bootstrap/index.js';
import { HealthModule, type Outage } from './health/index.js';
import { LegacyCustodyModule } from './legacy-custody/index.js';
import { TelemetryModule } from './telemetry/index.js';
import { TransferModule } from './transfer/index.js';

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
        LegacyCustodyModule,
        TelemetryModule.register(settings),
      ],
      providers: [DefaultAgents],
    };
  }
}
