import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseMetrics } from './database.metrics.js';
import { GroupCommitMetrics } from './group-commit.metrics.js';
import { HttpMetrics } from './http.metrics.js';
import { MetricRegistry } from './metric-registry.js';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process.metrics.js';
import { WORKER_METRICS, type WorkerMetrics } from '../worker-metrics.js';
import { MetricsReader } from './metrics-reader.js';
import { WebhookMetrics } from './webhook.metrics.js';

/** Prometheus metrics at /metrics. */
@Module({
  controllers: [MetricsController],
  providers: [
    MetricRegistry,
    MetricsReader,
    HttpMetrics,
    DatabaseMetrics,
    GroupCommitMetrics,
    WebhookMetrics,
    ProcessMetrics,
  ],
})
export class MetricsModule {
  static register(workerMetrics: WorkerMetrics | null): DynamicModule {
    return { module: MetricsModule, providers: [{ provide: WORKER_METRICS, useValue: workerMetrics }] };
  }
}
