import { Inject, Injectable } from '@nestjs/common';
import { WORKER_METRICS, type WorkerMetrics } from '../worker-metrics.js';
import { MetricRegistry } from './metric-registry.js';

/** Reads the metrics of the instance: of this process, or the sums over all workers. */
@Injectable()
export class MetricsReader {
  readonly contentType: string;

  constructor(
    private readonly registry: MetricRegistry,
    @Inject(WORKER_METRICS) private readonly workers: WorkerMetrics | null,
  ) {
    this.contentType = registry.contentType;
    workers?.provideMetrics(() => this.readSnapshot());
  }

  /** Reads the metrics in the Prometheus text format. */
  read(): Promise<string> {
    return this.workers ? this.workers.readAllMetrics() : this.registry.metrics();
  }

  /** Metrics with the label `worker` are passed on as they are; some of prom-client's would be omitted from sums. */
  private async readSnapshot(): Promise<object[]> {
    const metrics = await this.registry.getMetricsAsJSON();
    return metrics.map((metric) =>
      metric.values.some(({ labels }) => 'worker' in labels) ? { ...metric, aggregator: 'first' } : metric,
    );
  }
}
