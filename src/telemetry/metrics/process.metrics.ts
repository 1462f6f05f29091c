import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { RELEASE } from '../release.js';
import { WORKER_METRICS, type WorkerMetrics } from '../worker-metrics.js';
import { MetricRegistry } from './metric-registry.js';

/** Metrics of the process, with the label `worker` if there are several: memory, CPU time, garbage collection, event loop lag; and the release. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: MetricRegistry, @Inject(WORKER_METRICS) workers: WorkerMetrics | null) {
    collectDefaultMetrics({ register: registry, ...(workers && { labels: { worker: workers.worker } }) });
    new Gauge({
      name: 'lvlup_build_info',
      help: 'Always 1. Labels: version of the service and of Node.js.',
      labelNames: ['version', 'node_version'],
      aggregator: 'first',
      registers: [registry],
    }).set({ version: RELEASE, node_version: process.version }, 1);
  }
}
