import { Module } from '@nestjs/common';
import { DatabaseMetrics } from './database.metrics.js';
import { GroupCommitMetrics } from './group-commit.metrics.js';
import { HttpMetrics } from './http.metrics.js';
import { MetricRegistry } from './metric-registry.js';
import { MetricsController } from './metrics.controller.js';
import { ProcessMetrics } from './process.metrics.js';
import { WebhookMetrics } from './webhook.metrics.js';

/** Prometheus metrics at /metrics. */
@Module({
  controllers: [MetricsController],
  providers: [MetricRegistry, HttpMetrics, DatabaseMetrics, GroupCommitMetrics, WebhookMetrics, ProcessMetrics],
})
export class MetricsModule {}
