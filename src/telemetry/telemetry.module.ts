import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/index.js';
import { RequestLog } from './request-log.js';
import type { WorkerMetrics } from './worker-metrics.js';

/** Request log, metrics and traces. Packages of disabled parts are not loaded. */
@Module({})
export class TelemetryModule {
  /** @param workerMetrics metrics of all workers; null: this process is the only one */
  static register({ telemetry }: Settings, workerMetrics: WorkerMetrics | null): DynamicModule {
    return {
      module: TelemetryModule,
      imports: [
        ...(telemetry.metrics ? [metrics(workerMetrics)] : []),
        ...(telemetry.traces === null ? [] : [traces()]),
      ],
      providers: [RequestLog],
    };
  }
}

async function metrics(workerMetrics: WorkerMetrics | null): Promise<DynamicModule> {
  const { MetricsModule } = await import('./metrics/metrics.module.js');
  return MetricsModule.register(workerMetrics);
}

async function traces(): Promise<DynamicModule> {
  const { TracingModule } = await import('./tracing/tracing.module.js');
  return { module: TracingModule };
}
