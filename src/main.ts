import { setImmediate as breathe } from 'node:timers/promises';
import { getErrorMessage } from './common/index.js';
import { loadSettings } from './config/index.js';
import { openDatabaseServer } from './database/server/index.js';

/**
 * Starts the database first and loads the application meanwhile: each takes seconds on a slow machine. What is imported
 * above is all that the start of the database needs.
 */
async function main(): Promise<void> {
  const settings = loadSettings(process.env);
  const logger = import('./logging/index.js').then(({ ServiceLogger }) => new ServiceLogger(settings.logLevel));
  const opening = openDatabaseServer(settings, (message, severity) => {
    void logger.then((log) => {
      log[severity ?? 'log'](message);
    });
  });
  const application = loadApplication();
  const server = await opening;
  try {
    const { AppModule, serve } = await application;
    const module = AppModule.register(settings, server.connection, server.outage);
    await serve(module, settings, server, await logger);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Loading blocks the process, so it pauses between the largest packages for the next step of the database's start. */
async function loadApplication() {
  for (const load of [
    () => import('@nestjs/core'),
    () => import('@nestjs/platform-fastify'),
    () => import('class-validator'),
    () => import('@nestjs/swagger'),
    () => import('typeorm'),
  ]) {
    await load();
    await breathe();
  }
  const [{ AppModule }, { serve }] = await Promise.all([import('./app.module.js'), import('./bootstrap/index.js')]);
  return { AppModule, serve };
}

main().catch((error: unknown) => {
  console.error(getErrorMessage(error));
  process.exit(1);
});
