import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { RELEASE } from '../release.js';
import { MetricRegistry } from './metric-registry.js';

/** Metrics of the process: memory, CPU time, garbage collection, event loop lag, and the release. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: MetricRegistry) {
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: 'lvlup_build_info',
      help: 'Always 1. Labels: version of the service and of Node.js.',
      labelNames: ['version', 'node_version'],
      registers: [registry],
    }).set({ version: RELEASE, node_version: process.version }, 1);
  }
}
