import cluster from 'node:cluster';
import {
  isMessage,
  type MetricSnapshot,
  type RequestCount,
  type RequestName,
  type Requests,
  type ToSupervisor,
  type ToWorker,
} from './messages.js';
import { PendingReplies } from './pending-replies.js';

/** Number of the worker, in its environment. */
export const WORKER_VARIABLE = 'LVLUP_WORKER';

/** Time limits of requests. That of metrics includes the supervisor's wait for the other workers. */
const LIMITS_MS: Readonly<Record<RequestName, number>> = { assignment: 30_000, count: 1_000, metrics: 5_000 };

/** Signals that a terminal sends to all of its processes. The supervisor handles them. */
const TERMINAL_SIGNALS = ['SIGINT', 'SIGHUP'] as const;

/** Ends this worker. The reason is null if the supervisor has logged it. */
export type EndWorker = (reason: string | null) => void;

/** Whether this process was started by a supervisor. */
export function isWorker(env: NodeJS.ProcessEnv): boolean {
  return env[WORKER_VARIABLE] !== undefined && cluster.isWorker;
}

/** A worker's connection to its supervisor. Create it first, so that no request to stop is missed. */
export class SupervisorLink {
  /** Number of this worker, from 1. */
  readonly worker = Number(process.env[WORKER_VARIABLE]);
  private readonly replies = new PendingReplies();
  private reason: string | undefined;
  private readMetrics: () => Promise<MetricSnapshot> = () => Promise.resolve([]);

  private isStopping = false;
  /** Whether the supervisor has ended: its port must become free. */
  isAlone = false;
  private end: EndWorker = () => process.exit(0);

  constructor() {
    process.on('message', (message: unknown) => {
      if (isMessage(message)) this.receive(message as ToWorker);
    });
    cluster.worker?.once('disconnect', () => {
      // Otherwise Node ends the process immediately.
      if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
      this.isAlone = true;
      this.stop('The supervisor has ended');
    });
    process.on('SIGTERM', (signal) => {
      this.stop(signal);
    });
    for (const signal of TERMINAL_SIGNALS) process.on(signal, () => undefined);
  }

  /** Sets how this worker ends. Until then, it exits immediately. */
  onStop(end: EndWorker): void {
    this.end = end;
  }

  /** Reason why the embedded server is unavailable; undefined if it is available. */
  readonly outage = (): string | undefined => this.reason;

  /** @throws Error if the supervisor does not respond in time */
  async ask<Name extends RequestName>(
    name: Name,
    argument: Requests[Name]['argument'],
  ): Promise<Requests[Name]['reply']> {
    const reply = await this.replies.expect(LIMITS_MS[name], (id) => {
      void this.send({ kind: 'request', id, name, argument });
    });
    return reply as Requests[Name]['reply'];
  }

  async join(): Promise<Requests['assignment']['reply']> {
    const assignment = await this.ask('assignment', null);
    this.reason = assignment.outage;
    return assignment;
  }

  /** Counts a request of the caller to any worker. */
  readonly countRequest = (caller: string): Promise<RequestCount> => this.ask('count', caller);

  /** Sets the source of this worker's metrics. */
  provideMetrics(read: () => Promise<MetricSnapshot>): void {
    this.readMetrics = read;
  }

  /** Reads the metrics of all workers, in the Prometheus text format. */
  readAllMetrics(): Promise<string> {
    return this.ask('metrics', null);
  }

  /** Sends the metrics of this worker, which ends. */
  async sendLastMetrics(): Promise<void> {
    const metrics = await this.readMetrics();
    await this.send({ kind: 'metrics', id: null, metrics });
  }

  /** Resolves when the message is on its way, or the supervisor has ended. */
  send(message: ToSupervisor): Promise<void> {
    return new Promise((resolve) => {
      if (!process.connected) resolve();
      else
        process.send?.(message, undefined, undefined, () => {
          resolve();
        });
    });
  }

  /** SIGTERM to all processes is followed by the request of the supervisor: that is not a second signal. */
  private stop(reason: string | null): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.end(reason);
  }

  private receive(message: ToWorker): void {
    switch (message.kind) {
      case 'reply':
        this.replies.settle(message.id, message.value);
        break;
      case 'failure':
        this.replies.fail(message.id, message.reason);
        break;
      case 'outage':
        this.reason = message.reason;
        break;
      case 'stop':
        this.stop(null);
        break;
      case 'read-metrics':
        void this.readMetrics().then((metrics) => this.send({ kind: 'metrics', id: message.id, metrics }));
        break;
    }
  }
}
