import type { DatabaseConnection } from '../config/index.js';

/** Metrics of one worker, as `Registry.getMetricsAsJSON()` returns them. */
export type MetricSnapshot = readonly object[];

/** Data that a worker receives from its supervisor at its start. */
export interface Assignment {
  /** Connection of the embedded PostgreSQL; null: by DATABASE_URL. */
  connection: DatabaseConnection | null;
  /** Location of the data, for messages. */
  description: string;
  /** Reason why the embedded server is unavailable; undefined if it is available. */
  outage: string | undefined;
}

/** Requests of a caller in the present time window. */
export interface RequestCount {
  current: number;
  /** Rest of the time window, in milliseconds. */
  ttl: number;
}

/** Requests of a worker to its supervisor. */
export interface Requests {
  assignment: { argument: null; reply: Assignment };
  /** Counts a request of the caller. */
  count: { argument: string; reply: RequestCount };
  /** Metrics of all workers, in the Prometheus text format. */
  metrics: { argument: null; reply: string };
}
export type RequestName = keyof Requests;

/** Functions that respond to the requests. */
export type RequestHandlers = {
  [Name in RequestName]: (
    argument: Requests[Name]['argument'],
  ) => Requests[Name]['reply'] | Promise<Requests[Name]['reply']>;
};

export type ToWorker =
  | { kind: 'reply'; id: number; value: unknown }
  | { kind: 'failure'; id: number; reason: string }
  | { kind: 'read-metrics'; id: number }
  | { kind: 'outage'; reason: string | undefined }
  | { kind: 'stop' };

export type ToSupervisor =
  | { kind: 'request'; id: number; name: RequestName; argument: unknown }
  /** A message for the log that each worker sends, and that is logged once. */
  | { kind: 'notice'; severity: 'log' | 'warn'; text: string }
  /** The worker serves requests. The lines describe where. */
  | { kind: 'listening'; lines: readonly string[] }
  /** The worker cannot start, and ends. */
  | { kind: 'failed'; reason: string }
  /** Responds to `read-metrics`; with id null before the worker ends. */
  | { kind: 'metrics'; id: number | null; metrics: MetricSnapshot };

/** Other libraries may send messages over the same channel. */
export function isMessage(message: unknown): message is { kind: string } {
  return typeof message === 'object' && message !== null && 'kind' in message;
}
