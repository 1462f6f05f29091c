import { type DynamicModule, Module } from '@nestjs/common';
import { DefaultAgents } from './agent-metrics/index.js';
import { CallerModule } from './caller/index.js';
import type { DatabaseConnection, Settings } from './config/index.js';
import { buildCoreModules } from './core/index.js';
import { FeedModule } from './feed/index.js';
import { HealthModule, type Outage } from './health/index.js';
import { IngestModule } from './ingest-api/index.js';
import { KeysApiModule } from './keys-api/index.js';
import { LegacyCustodyModule } from './legacy-custody/index.js';
import { TelemetryModule, type WorkerMetrics } from './telemetry/index.js';
import { TransferModule } from './transfer/index.js';
import { WebhooksModule } from './webhooks/index.js';

/** The service. The database must be migrated. */
@Module({})
export class AppModule {
  /**
   * @param outage reason why the embedded server is unavailable; undefined while it is available
   * @param workerMetrics metrics of all workers; null: this process is the only one
   */
  static register(
    settings: Settings,
    connection: DatabaseConnection,
    outage: Outage = () => undefined,
    workerMetrics: WorkerMetrics | null = null,
  ): DynamicModule {
    const { core, metrics, custody } = buildCoreModules(settings, connection);
    const feed = FeedModule.forRoot({ metrics, controllers: true, ...settings.feed });
    return {
      module: AppModule,
      imports: [
        core,
        feed,
        WebhooksModule.forRoot({ custody, feed, controllers: true, ...settings.webhooks }),
        TransferModule,
        IngestModule,
        CallerModule,
        KeysApiModule,
        HealthModule.register(outage),
        LegacyCustodyModule.forRoot({ custody }),
        TelemetryModule.register(settings, workerMetrics),
      ],
      providers: [DefaultAgents],
    };
  }
}
