import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { createApp } from '../../src/bootstrap/create-app.js';
import type { DatabaseConnection } from '../../src/config/database-url.js';
import { loadSettings } from '../../src/config/settings.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The application, with what a test adds to it. */
@Module({})
class TestModule {}

/** The application as `main.ts` makes it, listening, on a database of its own. */
export interface TestApp {
  app: NestFastifyApplication;
  database: TestDatabase;
  url: string;
  /** Sends a request; an object is sent as JSON, a string as it is with the JSON content type. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
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
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    database,
    url,
    send: (method, path, body, headers = {}) => send(`${url}${path}`, method, body, headers),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

async function send(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? { headers }
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body:
      text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '') ? (JSON.parse(text) as unknown) : text,
  };
}
