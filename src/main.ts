import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { createApp } from './app.setup.js';
import { messageOf } from './common/error-message.js';
import { loadSettings } from './config/settings.js';
import { type DatabaseServer, openDatabaseServer } from './database/database-server.js';
import { migrate } from './database/migrate.js';
import { DOCS_PATH } from './http/openapi.js';
import { ServiceLogger } from './service-logger.js';

async function main(): Promise<void> {
  const settings = loadSettings(process.env);
  const logger = new ServiceLogger(settings.logLevel);
  const server = await openDatabaseServer(settings, (message) => {
    logger.log(message);
  });
  try {
    const migrations = await migrate(server.direct);
    if (migrations.length > 0) logger.log(`Migrated the database: ${migrations.join(', ')}`);
    const app = await createApp(AppModule.register(settings, server.connection), logger);
    stopOnSignal(app, server, logger);
    await app.listen(settings.http.port, settings.http.host);
    const url = await app.getUrl();
    logger.log(`API      ${url}/api/agent-metrics`);
    logger.log(`Swagger  ${url}/${DOCS_PATH}`);
    logger.log(`Data     ${server.description}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Stops in order: the application with its connections, then the server that it started. A second signal ends at once. */
function stopOnSignal(app: NestFastifyApplication, server: DatabaseServer, logger: ServiceLogger): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${signal}: stopping`);
    await app.close();
    await server.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, (received) => {
      stop(received).catch(fail);
    });
  }
}

function fail(error: unknown): never {
  console.error(messageOf(error));
  process.exit(1);
}

main().catch(fail);
