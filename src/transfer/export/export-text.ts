import type { DataSource, QueryRunner } from 'typeorm';
import { agentNotFound } from '../../common/index.js';
import { FetchSize } from '../../database/values/index.js';
import { findMergedNames, readTombstones } from '../../ledger/index.js';
import { formatTombstone } from '../tombstone-line.js';
import { buildExportQuery, type ExportQuery, type ExportRequest } from './export-query.js';

/** Target length of a chunk. Rows have between a few hundred bytes and several megabytes. */
const CHUNK_LENGTH = 1024 * 1024;

/** Number of tombstones that are read together. */
const TOMBSTONES_AT_ONCE = 1_000;

export interface ExportOptions {
  /** Statements that configure the transaction, such as timeouts. */
  settings?: string;
  /** Called with the number of rows read so far. */
  onRows?: (rows: number) => void;
}

/**
 * Reads an export in chunks, from a snapshot taken with the first one. Holds a connection until the last chunk, or until
 * the generator returns.
 *
 * @throws DomainError `agent_not_found` if the requested agent does not exist
 */
export async function* readExport(
  dataSource: DataSource,
  request: ExportRequest,
  { settings = '', onRows = () => undefined }: ExportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('REPEATABLE READ');
    await runner.query(`SET TRANSACTION READ ONLY; ${settings}`);
    const { of, agentType } = request;
    // The events of an agent can only be imported with those of the agents that were merged into it.
    const merged = of === 'events' && agentType !== undefined ? await findMergedNames(runner, [agentType]) : [];
    const { sql, parameters, header, lines, extra, trailer } = buildExportQuery({ ...request, merged });
    await runner.query(`DECLARE exported NO SCROLL CURSOR FOR ${sql}`, parameters);
    const batchSize = new FetchSize(CHUNK_LENGTH);
    let read = 0;
    for (let rest = true; rest;) {
      const { count } = batchSize;
      const rows = await fetch(runner, count);
      if (read === 0 && rows.length === 0 && request.agentType !== undefined) throw agentNotFound(request.agentType);
      rest = rows.length === count;
      const text = (read === 0 ? header : '') + lines(rows);
      const tombstones = rest || !hasTombstones(request) ? '' : await exportTombstones(runner, extra);
      const chunk = text + tombstones + (rest ? '' : trailer());
      read += rows.length;
      onRows(read);
      batchSize.record(rows.length, chunk.length);
      if (chunk !== '') yield chunk;
    }
    await runner.commitTransaction();
  } finally {
    // After an error the connection can be lost; the original error is thrown.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function fetch(runner: QueryRunner, count: number): Promise<Record<string, string | null>[]> {
  return (await runner.query(`FETCH ${count} FROM exported`)) as Record<string, string | null>[];
}

/** Tombstones have no name, so that they are exported with all events only. */
function hasTombstones({ of, format, agentType, access }: ExportRequest): boolean {
  return of === 'events' && format === 'ndjson' && agentType === undefined && access?.isLimited !== true;
}

async function exportTombstones(runner: QueryRunner, extra: ExportQuery['extra']): Promise<string> {
  let text = '';
  for (let after = 0; ;) {
    const tombstones = await readTombstones(runner, after, TOMBSTONES_AT_ONCE);
    text += extra(tombstones.map(formatTombstone).join(''), tombstones.length);
    const last = tombstones.at(-1);
    if (!last || tombstones.length < TOMBSTONES_AT_ONCE) return text;
    after = last.id;
  }
}
