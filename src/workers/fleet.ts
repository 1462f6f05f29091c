import cluster, { type Worker } from 'node:cluster';
import { getErrorMessage } from '../common/index.js';
import type { ServiceLogger } from '../logging/index.js';
import { isMessage, type MetricSnapshot, type RequestHandlers, type ToSupervisor, type ToWorker } from './messages.js';
import { PendingReplies } from './pending-replies.js';
import { RestartDelay } from './restart-delay.js';
import { WORKER_VARIABLE } from './supervisor-link.js';

/** Time for a worker to send its metrics. */
const METRICS_LIMIT_MS = 2_000;

/** Place of a worker, which is replaced when it ends. */
interface Place {
  number: number;
  delay: RestartDelay;
  worker: Worker | null;
  /** Whether the worker has asked for its assignment, so that it receives messages. */
  hasJoined: boolean;
  listeningSince: number | null;
  /** Whether a worker has listened here: the settings are valid, and one that ends is replaced. */
  hasListened: boolean;
  /** Reason that the worker gave for its end. */
  failure: string | null;
  timer?: NodeJS.Timeout;
}

export interface FleetOptions {
  count: number;
  /** Environment variables of the workers, in addition to those of this process. */
  variables: Readonly<Record<string, string>>;
  handlers: RequestHandlers;
  logger: ServiceLogger;
  onMetrics: (worker: number, metrics: MetricSnapshot) => void;
  /** A worker has ended, and is replaced. */
  onEnd: (worker: number) => void;
}

/** Starts the workers, replaces those that end, and stops them. */
export class Fleet {
  private readonly places: readonly Place[];
  private readonly replies = new PendingReplies();
  private readonly notices = new Set<string>();
  private phase: 'starting' | 'serving' | 'stopping' = 'starting';
  private onListening: (lines: readonly string[]) => void = () => undefined;
  private onFailure: (reason: Error) => void = () => undefined;
  private onStopped: () => void = () => undefined;
  private hasFailed = false;

  constructor(private readonly options: FleetOptions) {
    this.places = Array.from({ length: options.count }, (_, index) => ({
      number: index + 1,
      delay: new RestartDelay(),
      worker: null,
      hasJoined: false,
      listeningSince: null,
      hasListened: false,
      failure: null,
    }));
    // The workers accept connections themselves. In turns, a connection on its way to a worker that is killed would stay open
    // in the supervisor, without a response; and one that all workers refuse would be passed on without end.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    // Keeps Infinity and NaN in metrics.
    cluster.setupPrimary({ serialization: 'advanced' });
  }

  /**
   * Starts the workers, and waits until all listen.
   *
   * @returns the lines that describe where
   * @throws Error with the reason of the first worker that could not start
   */
  start(): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.onListening = resolve;
      this.onFailure = reject;
      for (const place of this.places) this.fork(place);
    });
  }

  /** Sends a message to all workers. */
  tell(message: ToWorker): void {
    for (const { worker } of this.places) if (worker) send(worker, message);
  }

  /** Asks all workers for their metrics; returns whether each has responded in time, by its number. */
  async requestMetrics(): Promise<Map<number, boolean>> {
    return new Map(
      await Promise.all(this.places.map(async (place) => [place.number, await this.requestMetricsOf(place)] as const)),
    );
  }

  /**
   * Lets all workers complete their requests, and waits until they have ended.
   *
   * @returns whether all ended in order
   */
  async stop(): Promise<boolean> {
    this.phase = 'stopping';
    for (const { worker, hasJoined, timer } of this.places) {
      clearTimeout(timer);
      if (hasJoined && worker) send(worker, { kind: 'stop' });
      else worker?.process.kill('SIGKILL');
    }
    await new Promise<void>((resolve) => {
      this.onStopped = resolve;
      this.noteStopped();
    });
    return !this.hasFailed;
  }

  /** Ends all workers immediately. */
  kill(): void {
    this.phase = 'stopping';
    for (const { worker } of this.places) worker?.process.kill('SIGKILL');
  }

  private fork(place: Place): void {
    const { variables, handlers } = this.options;
    const worker = cluster.fork({ ...variables, [WORKER_VARIABLE]: String(place.number) });
    Object.assign(place, { worker, hasJoined: false, listeningSince: null, failure: null });
    worker.on('error', (error) => {
      this.options.logger.warn(`Worker ${place.number}: ${getErrorMessage(error)}`);
    });
    worker.on('message', (message: unknown) => {
      if (isMessage(message)) this.receive(place, worker, message as ToSupervisor, handlers);
    });
    // Not `exit`: only then are all messages of the worker received.
    worker.process.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
      this.onEnd(place, worker, code, signal);
    });
  }

  private receive(place: Place, worker: Worker, message: ToSupervisor, handlers: RequestHandlers): void {
    switch (message.kind) {
      case 'request':
        place.hasJoined = true;
        void respond(worker, message, handlers);
        break;
      case 'notice':
        if (!this.notices.has(message.text)) this.options.logger[message.severity](message.text);
        this.notices.add(message.text);
        break;
      case 'listening':
        place.listeningSince = performance.now();
        place.hasListened = true;
        this.noteListening(place, worker, message.lines);
        break;
      case 'failed':
        place.failure = message.reason;
        break;
      case 'metrics':
        this.options.onMetrics(place.number, message.metrics);
        if (message.id !== null) this.replies.settle(message.id, true);
        break;
    }
  }

  private noteListening(place: Place, worker: Worker, lines: readonly string[]): void {
    this.options.logger.log(`Worker ${place.number} (process ${worker.process.pid}) serves requests`);
    if (this.phase === 'starting' && this.places.every(({ listeningSince }) => listeningSince !== null)) {
      this.phase = 'serving';
      this.onListening(lines);
    }
  }

  private onEnd(place: Place, worker: Worker, code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal ?? `exit code ${code}`;
    const { number, failure, listeningSince, hasListened } = place;
    place.worker = null;
    place.listeningSince = null;
    if (this.phase === 'starting' && !hasListened) {
      this.onFailure(new Error(failure ?? `Worker ${number} ended before it served requests (${how})`));
    } else if (this.phase === 'stopping') {
      // A signal ends a worker that is still starting.
      if (code !== 0 && listeningSince !== null) this.hasFailed = true;
      this.noteStopped();
    } else {
      this.options.onEnd(number);
      const delayMs = place.delay.next(listeningSince === null ? 0 : performance.now() - listeningSince);
      const why = failure === null ? `ended (${how})` : `cannot start: ${failure}`;
      const when = delayMs === 0 ? 'now' : `in ${delayMs / 1_000} s`;
      this.options.logger.warn(`Worker ${number} (process ${worker.process.pid}) ${why}. It is replaced ${when}`);
      place.timer = setTimeout(() => {
        this.fork(place);
      }, delayMs);
    }
  }

  private async requestMetricsOf({ worker, listeningSince }: Place): Promise<boolean> {
    if (!worker || listeningSince === null) return false;
    const reply = this.replies.expect(METRICS_LIMIT_MS, (id) => {
      send(worker, { kind: 'read-metrics', id });
    });
    return reply.then(
      () => true,
      () => false,
    );
  }

  private noteStopped(): void {
    if (this.places.every(({ worker }) => worker === null)) this.onStopped();
  }
}

async function respond(
  worker: Worker,
  { id, name, argument }: Extract<ToSupervisor, { kind: 'request' }>,
  handlers: RequestHandlers,
): Promise<void> {
  try {
    send(worker, { kind: 'reply', id, value: await handlers[name](argument as never) });
  } catch (error) {
    send(worker, { kind: 'failure', id, reason: getErrorMessage(error) });
  }
}

/** The worker may have ended, which its event `close` reports. */
function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
