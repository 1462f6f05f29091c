import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { createApp } from '../../src/bootstrap/create-app.js';
import type { DatabaseConnection } from '../../src/config/database-url.js';
import { loadSettings } from '../../src/config/settings.js';
import { serve, type ServedApp } from './served-app.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The application, with what a test adds to it. */
@Module({})
class TestModule {}

/** The application as `main.ts` makes it. */
export interface TestApp extends Omit<ServedApp<NestFastifyApplication>, 'send'> {
  /** Sends a request as ServedApp does, and parses a response in JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/**
 * @param variables environment variables that are to differ from the defaults
 * @param via another way to the same database, such as through a proxy
 * @param modules of the test's own, which are to be served beside the application's
 * @param prepare what is done to the database before
 */
export async function startTestApp(
  variables: Record<string, string> = {},
  via: (connection: DatabaseConnection) => DatabaseConnection = (connection) => connection,
  modules: Type[] = [],
  prepare: (database: TestDatabase) => Promise<void> = () => Promise.resolve(),
): Promise<TestApp> {
  const database = await createTestDatabase();
  await prepare(database);
  const settings = loadSettings({ CONNECTION_POOL_SIZE: '2', ...variables });
  const application = AppModule.register(settings, via(database.connection));
  const app = await createApp({ module: TestModule, imports: [application, ...modules] }, settings, false);
  const served = await serve(app, database);
  return {
    ...served,
    send: async (...request) => {
      const { text, ...response } = await served.send(...request);
      const isJson = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '');
      return { ...response, body: isJson ? (JSON.parse(text) as unknown) : text };
    },
  };
}
