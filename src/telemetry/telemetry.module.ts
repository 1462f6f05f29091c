import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RequestLog } from './request-log.js';

/** What operators see of the service at work. What isn't asked for isn't there: traces aren't even loaded. */
@Module({})
export class TelemetryModule {
  static register({ telemetry: { metrics, traces } }: Settings): DynamicModule {
    return {
      module: TelemetryModule,
      imports: [
        ...(metrics ? [MetricsModule] : []),
        ...(traces === null
          ? []
          : [import('./tracing/tracing.module.js').then(({ TracingModule }) => ({ module: TracingModule }))]),
      ],
      providers: [RequestLog],
    };
  }
}
