import { getErrorMessage } from './common/index.js';
import { loadSettings } from './config/index.js';
import { openDatabaseServer } from './database/server/index.js';

/**
 * Starts the database and loads the application at the same time. The static imports are limited to what starting the
 * database needs.
 */
async function main(): Promise<void> {
  const settings = loadSettings(process.env);
  const logger = import('./logging/index.js').then(({ ServiceLogger }) => new ServiceLogger(settings.logLevel));
  const opening = openDatabaseServer(settings, (message, severity) => {
    void logger.then((log) => {
      log[severity ?? 'log'](message);
    });
  });
  const application = Promise.all([import('./app.module.js'), import('./bootstrap/index.js')]);
  const server = await opening;
  try {
    const [{ AppModule }, { serve }] = await application;
    const module = AppModule.register(settings, server.connection, server.outage);
    await serve(module, settings, server, await logger);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

main().catch((error: unknown) => {
  console.error(getErrorMessage(error));
  process.exit(1);
});
