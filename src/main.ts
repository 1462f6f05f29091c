import { getErrorMessage } from './common/index.js';
import { loadSettings, type Settings } from './config/index.js';
import { type DatabaseServer, openDatabaseServer } from './database/server/index.js';
import type { ServiceLogger } from './logging/index.js';
import { isWorker, supervise, SupervisorLink } from './workers/index.js';

/** Serves requests, itself or with workers. */
type Program = (settings: Settings, server: DatabaseServer, logger: ServiceLogger) => Promise<void>;

/**
 * Starts the database and loads the application at the same time. The static imports are limited to what starting the
 * database needs.
 */
async function main(): Promise<void> {
  const settings = loadSettings(process.env);
  if (isWorker(process.env)) return runWorker(settings);
  const logger = import('./logging/index.js').then(({ ServiceLogger }) => new ServiceLogger(settings.logLevel));
  const opening = openDatabaseServer(settings, (message, severity) => {
    void logger.then((log) => {
      log[severity ?? 'log'](message);
    });
  });
  const loading = settings.workers > 1 ? supervise : loadService();
  const schema = import('./database/schema/index.js');
  const server = await opening;
  try {
    const [program, { migrateAtStart }] = await Promise.all([loading, schema]);
    await migrateAtStart(server.direct, await logger);
    await program(settings, server, await logger);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function loadService(): Promise<Program> {
  const [{ AppModule }, { serve }] = await Promise.all([import('./app.module.js'), import('./bootstrap/index.js')]);
  return (settings, server, logger) =>
    serve(AppModule.register(settings, server.connection, server.outage), settings, server, logger);
}

/** If the worker cannot start, its supervisor logs the reason. */
async function runWorker(settings: Settings): Promise<void> {
  const link = new SupervisorLink();
  try {
    const [{ AppModule }, { serveAsWorker }] = await Promise.all([
      import('./app.module.js'),
      import('./bootstrap/index.js'),
    ]);
    await serveAsWorker((...parts) => AppModule.register(...parts), settings, link);
  } catch (error) {
    await link.send({ kind: 'failed', reason: getErrorMessage(error) });
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(getErrorMessage(error));
  process.exit(1);
});
