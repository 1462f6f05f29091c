import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import type { Settings } from '../config/index.js';
import type { DatabaseServer } from '../database/server/index.js';
import { HttpDrain } from '../http/server/index.js';
import type { ServiceLogger } from '../logging/index.js';
import { createStop, stopOnSignalOrLoss } from '../workers/index.js';
import { createApp } from './create-app.js';
import { listen } from './listen.js';
import { shutDown } from './shutdown.js';

/**
 * Serves the application on a migrated database, and logs its URLs. Stops the application and the database server on a
 * signal.
 *
 * @throws Error if the service would be reachable without a key, or cannot listen
 */
export async function serve(
  module: DynamicModule,
  settings: Settings,
  server: DatabaseServer,
  logger: ServiceLogger,
): Promise<void> {
  const app = await createApp(module, settings, logger);
  const drain = new HttpDrain(app.getHttpAdapter().getInstance());
  const stop = createStop({
    logger,
    limitMs: settings.shutdown.timeoutMs,
    finish: async () => {
      await shutDown(app, drain, settings.shutdown, logger);
      await server.stop();
    },
  });
  stopOnSignalOrLoss(server.lost, logger, stop);
  const lines = await listen(app, settings, server.description, (severity, text) => {
    logger[severity](text);
  });
  for (const line of lines) logger.log(line);
}
