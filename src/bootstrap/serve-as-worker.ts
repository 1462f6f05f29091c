import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { type DatabaseConnection, type Settings, toWorkerShare } from '../config/index.js';
import { HttpDrain } from '../http/server/index.js';
import { ServiceLogger } from '../logging/index.js';
import { createStop, type SupervisorLink } from '../workers/index.js';
import { createApp } from './create-app.js';
import { listen } from './listen.js';
import { shutDown } from './shutdown.js';

/** Builds the application. */
type BuildModule = (
  settings: Settings,
  connection: DatabaseConnection,
  outage: SupervisorLink['outage'],
  link: SupervisorLink,
) => DynamicModule;

/**
 * Serves the application as one of several workers, with its share of the limits. Stops when the supervisor says so or
 * has ended, and on SIGTERM.
 *
 * @throws Error if it cannot start
 */
export async function serveAsWorker(buildModule: BuildModule, settings: Settings, link: SupervisorLink): Promise<void> {
  const logger = new ServiceLogger(settings.logLevel, undefined, link.worker);
  const { connection: embedded, description } = await link.join();
  const connection = embedded ?? settings.database.connection;
  if (!connection) throw new Error('the supervisor has no database');
  const share = toWorkerShare(settings, link.worker);
  const app = await createApp(buildModule(share, connection, link.outage, link), share, logger, link.countRequest);
  const drain = new HttpDrain(app.getHttpAdapter().getInstance());
  const stop = createStop({
    logger,
    limitMs: share.shutdown.timeoutMs,
    finish: () => {
      const { delayMs, timeoutMs } = share.shutdown;
      const shutdown = { delayMs: link.isAlone ? 0 : delayMs, timeoutMs };
      return shutDown(app, drain, shutdown, logger, () => link.sendLastMetrics());
    },
  });
  link.onStop((reason) => {
    stop(reason, 0);
  });
  const lines = await listen(app, share, description, (severity, text) => {
    void link.send({ kind: 'notice', severity, text });
  });
  await link.send({ kind: 'listening', lines });
}
