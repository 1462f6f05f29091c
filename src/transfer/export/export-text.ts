import type { DataSource, QueryRunner } from 'typeorm';
import { agentNotFound } from '../../common/index.js';
import { FetchSize } from '../../database/values/index.js';
import { exportQuery, type ExportRequest } from './export-query.js';

/** How much text is made at once, about. Rows may be of a few hundred bytes or of megabytes. */
const CHUNK_LENGTH = 1024 * 1024;

export interface ExportOptions {
  /** Statements that bind the transaction, such as timeouts. */
  settings?: string;
  /** Is told how many rows were read so far. */
  onRows?: (rows: number) => void;
}

/**
 * The text of an export, a chunk at a time, of the database as it was when the first was asked for. It holds a connection
 * until the last one, or until the generator is told to return.
 *
 * @throws DomainError `agent_not_found` when it is about one agent and there is none
 */
export async function* exportText(
  dataSource: DataSource,
  request: ExportRequest,
  { settings = '', onRows = () => undefined }: ExportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { sql, parameters, header, lines, trailer } = exportQuery(request);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('REPEATABLE READ');
    await runner.query(`SET TRANSACTION READ ONLY; ${settings}`);
    await runner.query(`DECLARE exported NO SCROLL CURSOR FOR ${sql}`, parameters);
    const atOnce = new FetchSize(CHUNK_LENGTH);
    let read = 0;
    for (let rest = true; rest;) {
      const { count } = atOnce;
      const rows = await fetch(runner, count);
      if (read === 0 && rows.length === 0 && request.agentType !== undefined) throw agentNotFound(request.agentType);
      rest = rows.length === count;
      const chunk = (read === 0 ? header : '') + lines(rows) + (rest ? '' : trailer());
      read += rows.length;
      onRows(read);
      atOnce.record(rows.length, chunk.length);
      if (chunk !== '') yield chunk;
    }
    await runner.commitTransaction();
  } finally {
    // After an error the connection may be gone; the reason is the one that is thrown already.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function fetch(runner: QueryRunner, count: number): Promise<Record<string, string | null>[]> {
  return (await runner.query(`FETCH ${count} FROM exported`)) as Record<string, string | null>[];
}
