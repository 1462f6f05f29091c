import { type QueryRunner, QueryFailedError } from 'typeorm';
import type { PoolClient, QueryArrayResult, QueryResult } from 'pg';
import { TYPES } from '../client/index.js';
import type { Session } from './session.js';

/**
 * Session on a connection of a host application. Sends one statement at a time, because the client may not support
 * pipelining, and uses the type parsers of the service.
 */
export class HostSession implements Session {
  /** Callbacks to run after the COMMIT. */
  readonly committed: (() => void)[] = [];
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {}

  static async open(runner: QueryRunner): Promise<HostSession> {
    return new HostSession(runner, (await runner.connect()) as PoolClient);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see Session
  async query<T = any>(statement: string, parameters: unknown[] = []): Promise<T> {
    const sending = this.last.then(() => this.send(statement, parameters));
    this.last = sending.catch(() => undefined);
    const { command, rows, rowCount } = await sending;
    return (command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows) as T;
  }

  /** Commits the transaction. PostgreSQL answers a COMMIT of a failed transaction with ROLLBACK. */
  async commit(): Promise<void> {
    await this.last;
    const { command } = await this.send('COMMIT', []);
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back, because a statement had failed');
  }

  /** Sends a statement as TypeORM does, with its logger and its errors. */
  private async send(text: string, values: unknown[]): Promise<QueryResult> {
    const { logger } = this.runner.dataSource;
    logger.logQuery(text, values, this.runner);
    try {
      const result = (await this.client.query({ text, values, types: TYPES })) as QueryResult | QueryArrayResult[];
      // Several statements in one text have several results.
      return Array.isArray(result) ? (result.at(-1) as unknown as QueryResult) : result;
    } catch (error) {
      logger.logQueryError(error as Error, text, values, this.runner);
      throw new QueryFailedError(text, values, error as Error);
    }
  }
}
