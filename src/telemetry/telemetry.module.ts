import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/index.js';
import { RequestLog } from './request-log.js';

/** What operators see of the service at work. The packages of what isn't asked for aren't even loaded. */
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
