import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge } from 'prom-client';
import { RELEASE } from '../release.js';
import { MetricRegistry } from './metric-registry.js';

/** The process itself: memory, processor time, garbage collection, lag of the event loop, and what program it is. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: MetricRegistry) {
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: 'lvlup_build_info',
      help: 'Always 1; the labels say which release this is, on which Node.',
      labelNames: ['version', 'node_version'],
      registers: [registry],
    }).set({ version: RELEASE, node_version: process.version }, 1);
  }
}
