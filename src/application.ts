import 'reflect-metadata';
import { AppModule } from './app.module.js';
import { createApp } from './app.setup.js';
import { messageOf } from './common/error-message.js';
import type { Settings } from './config/settings.js';
import type { DatabaseServer } from './database/database-server.js';
import { migrate } from './database/migrate.js';
import { HttpDrain } from './http/http-drain.js';
import { DOCS_PATH } from './http/openapi.js';
import type { ServiceLogger } from './service-logger.js';
import { shutDown } from './shutdown.js';

const PARENT_WATCH_MS = 500;

/** Migrates the database, serves, and says where. Stops, with the database server, when it is asked to. */
export async function serve(settings: Settings, server: DatabaseServer, logger: ServiceLogger): Promise<void> {
  const migrations = await migrate(server.direct);
  if (migrations.length > 0) logger.log(`Migrated the database: ${migrations.join(', ')}`);
  const app = await createApp(AppModule.register(settings, server.connection), logger);
  const drain = new HttpDrain(app.getHttpAdapter().getInstance());
  stopWhenAsked(settings.shutdown.timeoutMs, logger, async () => {
    await shutDown(app, drain, settings.shutdown, logger);
    await server.stop();
  });
  await app.listen(settings.http.port, settings.http.host);
  const url = await app.getUrl();
  logger.log(`API      ${url}/api/agent-metrics`);
  logger.log(`Swagger  ${url}/${DOCS_PATH}`);
  logger.log(`Data     ${server.description}`);
}

/** Stops when a signal asks for it. A second one ends the process at once, and so does the time limit. */
function stopWhenAsked(limitMs: number, logger: ServiceLogger, finish: () => Promise<void>): void {
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${reason}: stopping`);
    setTimeout(() => {
      logger.error(`Not stopped within ${limitMs / 1_000} s (SHUTDOWN_TIMEOUT): ending as it is`);
      process.exit(1);
    }, limitMs);
    await finish();
    process.exit(0);
  };
  const onRequest = (reason: string): void => {
    stop(reason).catch((error: unknown) => {
      logger.error(`Stopping failed: ${messageOf(error)}`);
      process.exit(1);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, onRequest);
  if (process.env['npm_lifecycle_event'] !== undefined) whenParentEnds(onRequest);
}

/** npm passes a signal to a shell that may end without passing it on: the service would go on unseen. */
function whenParentEnds(onEnd: (reason: string) => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onEnd('npm has ended');
  }, PARENT_WATCH_MS).unref();
}
