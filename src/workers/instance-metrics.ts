import { AggregatorRegistry, Gauge, Counter, Registry } from 'prom-client';
import type { MetricSnapshot } from './messages.js';

interface MetricValues {
  type: string;
  values: { labels: Record<string, unknown> }[];
}

/** Counts that must not decrease when a worker ends. Metrics of the process have the label `worker`, and end with it. */
const isKept = ({ type, values }: MetricValues): boolean =>
  (type === 'counter' || type === 'histogram') && !values.some(({ labels }) => 'worker' in labels);

/**
 * Metrics of the instance: the sums over its workers. The counts of workers that have ended remain part of them, and a
 * worker that does not respond counts as it last did: a counter that decreases would look like many new events.
 */
export class InstanceMetrics {
  private readonly last = new Map<number, MetricSnapshot>();
  /** Counts of the workers that have ended. */
  private past: Promise<MetricSnapshot> = Promise.resolve([]);
  private readonly own = new Registry();
  private readonly up = new Gauge({
    name: 'lvlup_worker_up',
    help: '1: the metrics of the worker are current. 0: it did not respond, and its last known metrics are used.',
    labelNames: ['worker'],
    registers: [this.own],
  });
  private readonly restarts = new Counter({
    name: 'lvlup_worker_restarts_total',
    help: 'Workers that ended and were replaced.',
    registers: [this.own],
  });

  /** Sets the metrics of a worker. */
  keep(worker: number, snapshot: MetricSnapshot): void {
    this.last.set(worker, snapshot);
  }

  /** A worker has ended. */
  end(worker: number): void {
    this.restarts.inc();
    const snapshot = this.last.get(worker);
    this.last.delete(worker);
    if (!snapshot) return;
    const counts = (snapshot as MetricValues[]).filter(isKept);
    this.past = this.past.then((past) => AggregatorRegistry.aggregate([past, counts]).getMetricsAsJSON());
  }

  /**
   * Formats the metrics of the instance in the Prometheus text format.
   *
   * @param isUp whether each worker has responded, by its number
   */
  async format(isUp: ReadonlyMap<number, boolean>): Promise<string> {
    for (const [worker, value] of isUp) this.up.set({ worker }, Number(value));
    const past = await this.past;
    const sums = AggregatorRegistry.aggregate([...this.last.values(), past]);
    return `${await sums.metrics()}\n${await this.own.metrics()}`;
  }
}
