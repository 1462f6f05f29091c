import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { createApp } from './create-app.js';
import { Callers, isLoopback } from '../auth/index.js';
import { getErrorMessage } from '../common/index.js';
import type { Settings } from '../config/index.js';
import { STORAGE_FORM, type StorageForm } from '../database/storage/index.js';
import type { DatabaseServer } from '../database/server/index.js';
import { migrate } from '../database/schema/index.js';
import { HttpDrain } from '../http/server/index.js';
import { DOCS_PATH } from '../http/openapi/index.js';
import type { ServiceLogger } from '../logging/index.js';
import { shutDown } from './shutdown.js';

const UNPROTECTED =
  'HOST=% makes the service reachable for others, but no API key exists. Create one with "npm run cli -- keys create --name … ' +
  '--scope …", or set ADMIN_KEY or ADMIN_KEY_FILE, or unset HOST to serve this machine only. AUTH=off allows every request.';
const PARENT_WATCH_MS = 500;

/**
 * Runs the schema migrations, serves the application and logs its URLs. Stops the application and the database server on a
 * signal.
 *
 * @throws Error if the database cannot be migrated, or the service would be reachable without a key
 */
export async function serve(
  module: DynamicModule,
  settings: Settings,
  server: DatabaseServer,
  logger: ServiceLogger,
): Promise<void> {
  const migrations = await migrate(server.direct, (message) => {
    logger.warn(message);
  });
  if (migrations.length > 0) logger.log(`Migrated the database: ${migrations.join(', ')}`);
  const app = await createApp(module, settings, logger);
  const drain = new HttpDrain(app.getHttpAdapter().getInstance());
  stopOnSignalOrLoss(server, settings.shutdown.timeoutMs, logger, async () => {
    await shutDown(app, drain, settings.shutdown, logger);
    await server.stop();
  });
  await assertProtected(app.get(Callers, { strict: false }), settings, logger);
  await app.listen(settings.http.port, settings.http.host);
  const url = await app.getUrl();
  logger.log(`Dashboard  ${url}/`);
  logger.log(`API        ${url}/api/agent-metrics`);
  logger.log(`Swagger    ${url}/${DOCS_PATH}`);
  const { note } = app.get<StorageForm>(STORAGE_FORM, { strict: false });
  logger.log(`Data       ${server.description}${note}`);
}

/** Refuses to serve other machines without a key, and logs if anonymous requests are allowed. */
async function assertProtected(callers: Callers, { auth, http }: Settings, logger: ServiceLogger): Promise<void> {
  if (!auth.required) {
    logger.warn(`AUTH=off: every request to ${http.host} is allowed`);
  } else if (!(await callers.isProtected())) {
    if (!isLoopback(http.host)) throw new Error(UNPROTECTED.replace('%', http.host));
    logger.log('No API key exists: every request from this machine is allowed until the first key is created');
  }
}

/**
 * Stops on a signal, and with exit code 1 if the database server is lost. A second signal, or the time limit, ends the
 * process immediately.
 */
function stopOnSignalOrLoss(
  server: DatabaseServer,
  limitMs: number,
  logger: ServiceLogger,
  finish: () => Promise<void>,
): void {
  let stopping = false;
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${reason}: stopping`);
    setTimeout(() => {
      logger.error(`Not stopped within ${limitMs / 1_000} s (SHUTDOWN_TIMEOUT): exiting`);
      process.exit(1);
    }, limitMs);
    await finish();
    process.exit(exitCode);
  };
  const on = (reason: string, exitCode: number): void => {
    stop(reason, exitCode).catch((error: unknown) => {
      logger.error(`Cannot stop: ${getErrorMessage(error)}`);
      process.exit(1);
    });
  };
  const onRequest = (reason: string): void => {
    on(reason, 0);
  };
  void server.lost.then(({ message }) => {
    logger.error(message);
    on('Without its database server', 1);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, onRequest);
  if (process.env['npm_lifecycle_event'] !== undefined) onParentExit(onRequest);
}

/** npm sends a signal to a shell, which may exit without forwarding it. The service would continue to run. */
function onParentExit(onEnd: (reason: string) => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onEnd('npm has ended');
  }, PARENT_WATCH_MS).unref();
}
