import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { InstanceMetrics } from './instance-metrics.js';

/** Metrics of a worker that has counted and observed so much. */
async function snapshotOf(worker: number, count: number, waiting: number) {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'events_total', help: 'Events.', labelNames: ['type'], registers }).inc({ type: 'a' }, count);
  new Histogram({ name: 'time', help: 'Time.', buckets: [1, 2], registers }).observe(waiting);
  new Gauge({ name: 'waiting', help: 'Waiting.', registers }).set(waiting);
  new Gauge({ name: 'endpoints', help: 'Endpoints.', aggregator: 'max', registers }).set(waiting);
  new Counter({ name: 'cpu', help: 'CPU.', labelNames: ['worker'], registers }).inc({ worker }, count);
  return registry.getMetricsAsJSON();
}

const UP = new Map([
  [1, true],
  [2, true],
]);

describe('InstanceMetrics', () => {
  it('sums, except where each worker has the whole, or the worker is a label', async () => {
    const metrics = new InstanceMetrics();
    metrics.keep(1, await snapshotOf(1, 5, 1));
    metrics.keep(2, await snapshotOf(2, 7, 2));
    const text = await metrics.format(UP);
    expect(text).toContain('events_total{type="a"} 12\n');
    expect(text).toContain('time_bucket{le="1"} 1\n');
    expect(text).toContain('time_bucket{le="2"} 2\n');
    expect(text).toContain('time_sum 3\n');
    expect(text).toContain('\nwaiting 3\n');
    expect(text).toContain('endpoints 2\n');
    expect(text).toContain('cpu{worker="1"} 5\n');
    expect(text).toContain('cpu{worker="2"} 7\n');
    expect(text).toContain('lvlup_worker_up{worker="2"} 1\n');
    expect(text.match(/^# TYPE waiting gauge$/gm)).toHaveLength(1);
  });

  it('keeps the counts of workers that have ended, and nothing else of them', async () => {
    const metrics = new InstanceMetrics();
    metrics.keep(1, await snapshotOf(1, 5, 1));
    for (const count of [7, 11]) {
      metrics.keep(2, await snapshotOf(2, count, 2));
      metrics.end(2);
    }
    metrics.end(2);
    const text = await metrics.format(new Map([...UP, [2, false]]));
    expect(text).toContain('events_total{type="a"} 23\n');
    expect(text).toContain('time_count 3\n');
    expect(text).toContain('\nwaiting 1\n');
    expect(text).not.toContain('cpu{worker="2"}');
    expect(text).toContain('lvlup_worker_up{worker="2"} 0\n');
    expect(text).toContain('lvlup_worker_restarts_total 3\n');
  });
});
