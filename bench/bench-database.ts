import type pg from 'pg';
import { type DatabaseConnection, parseDatabaseUrl } from '../src/config/database-url.js';
import { selectClientClass, buildClientConfig } from '../src/database/client/client.js';

/** A database of the throw-away cluster, with a connection of the benchmark's own to it. */
export class BenchDatabase {
  private constructor(
    readonly url: string,
    readonly connection: DatabaseConnection,
    private readonly client: pg.Client,
  ) {}

  /** @param serverUrl of any database of the server */
  static async open(serverUrl: string, name: string): Promise<BenchDatabase> {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const connection = parseDatabaseUrl(url.href);
    const client = new (selectClientClass(connection))(buildClientConfig(connection));
    await client.connect();
    return new BenchDatabase(url.href, connection, client);
  }

  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(sql, values)).rows;
  }

  /** Clears up what a cell leaves behind, dead rows and dirty pages, so that the next one does not pay for it. */
  async tidy(): Promise<void> {
    await this.query('VACUUM');
    await this.query('CHECKPOINT');
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
