/** Connects the metrics of a worker with those of the other workers of the instance. */
export interface WorkerMetrics {
  /** Number of this worker. */
  readonly worker: number;
  /** Sets the source of this worker's metrics. */
  provideMetrics(read: () => Promise<readonly object[]>): void;
  /** Reads the metrics of all workers, in the Prometheus text format. */
  readAllMetrics(): Promise<string>;
}

export const WORKER_METRICS = Symbol('WorkerMetrics');
