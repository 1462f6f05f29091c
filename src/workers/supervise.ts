import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/index.js';
import type { DatabaseServer } from '../database/server/index.js';
import type { ServiceLogger } from '../logging/index.js';
import { Fleet } from './fleet.js';
import { probePort } from './probe-port.js';
import { RequestCounts } from './request-counts.js';
import { createStop, stopOnSignalOrLoss } from './stop-process.js';

const OUTAGE_POLL_MS = 200;

/**
 * Serves with several workers, which share HOST and PORT, on a migrated database. Logs the URLs when all of them listen.
 * Stops them and the database server on a signal.
 *
 * @throws Error if a worker cannot start: the message is that of the worker
 */
export async function supervise(settings: Settings, server: DatabaseServer, logger: ServiceLogger): Promise<void> {
  if (!cluster.isPrimary) {
    throw new Error(
      'WORKERS cannot be set in a process that node:cluster started: let one of the two start the processes',
    );
  }
  const { workers, http, telemetry } = settings;
  const metrics = telemetry.metrics ? new (await import('./instance-metrics.js')).InstanceMetrics() : null;
  const counts = http.rateLimit && new RequestCounts(http.rateLimit);
  const fleet: Fleet = new Fleet({
    count: workers,
    variables: { PORT: String(await probePort(http.host, http.port)) },
    handlers: {
      assignment: () => ({
        connection: settings.database.connection ? null : server.connection,
        description: server.description,
        outage: server.outage(),
      }),
      count: (caller) => counts?.add(caller) ?? { current: 0, ttl: 0 },
      metrics: async () => (await metrics?.format(await fleet.requestMetrics())) ?? '',
    },
    logger,
    onMetrics: (worker, snapshot) => metrics?.keep(worker, snapshot),
    onEnd: (worker) => metrics?.end(worker),
  });
  const stop = createStop({
    logger,
    limitMs: settings.shutdown.timeoutMs,
    finish: async () => {
      const isClean = await fleet.stop();
      await server.stop();
      if (!isClean) throw new Error('a worker did not end in order');
    },
    abort: () => {
      fleet.kill();
    },
  });
  stopOnSignalOrLoss(server.lost, logger, stop);
  if (!settings.database.connection) watchOutage(server, fleet);
  const lines = await fleet.start().catch(async (error: unknown) => {
    await Promise.race([fleet.stop(), sleep(settings.shutdown.timeoutMs)]);
    fleet.kill();
    throw error;
  });
  for (const line of lines) logger.log(line);
  logger.log(`Workers    ${workers} processes`);
}

/** Tells the workers when the embedded server becomes unavailable and available. */
function watchOutage(server: DatabaseServer, fleet: Fleet): void {
  let known: string | undefined;
  setInterval(() => {
    const reason = server.outage();
    if (reason === known) return;
    known = reason;
    fleet.tell({ kind: 'outage', reason });
  }, OUTAGE_POLL_MS).unref();
}
