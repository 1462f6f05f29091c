import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/index.js';
import { RequestLog } from './request-log.js';

/** Request log, metrics and traces. Packages of disabled parts are not loaded. */
@Module({})
export class TelemetryModule {
  static register({ telemetry }: Settings): DynamicModule {
    return {
      module: TelemetryModule,
      imports: [...(telemetry.metrics ? [metrics()] : []), ...(telemetry.traces === null ? [] : [traces()])],
      providers: [RequestLog],
    };
  }
}

async function metrics(): Promise<DynamicModule> {
  const { MetricsModule } = await import('./metrics/metrics.module.js');
  return { module: MetricsModule };
}

async function traces(): Promise<DynamicModule> {
  const { TracingModule } = await import('./tracing/tracing.module.js');
  return { module: TracingModule };
}
