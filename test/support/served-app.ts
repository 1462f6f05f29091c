import type { INestApplication } from '@nestjs/common';
import type { TestDatabase } from './test-database.js';

/** An application that listens, on a database of its own. */
export interface ServedApp<App extends INestApplication = INestApplication> {
  app: App;
  database: TestDatabase;
  url: string;
  /** Sends a request; an object is sent as JSON, a string as it is with the JSON content type. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TextResponse>;
  /** Closes the application, and drops the database. */
  close(): Promise<void>;
}

export interface TextResponse {
  status: number;
  headers: Headers;
  text: string;
}

/** Makes the application listen on a free port. */
export async function serve<App extends INestApplication>(app: App, database: TestDatabase): Promise<ServedApp<App>> {
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    database,
    url,
    send: (method, path, body, headers) => send(url + path, method, body, headers),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<TextResponse> {
  const init =
    body === undefined
      ? { headers }
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        };
  const response = await fetch(url, { method, ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
