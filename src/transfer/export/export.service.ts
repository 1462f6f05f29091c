import { Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { getErrorMessage, shuttingDown } from '../../common/index.js';
import { SETTINGS, type Settings } from '../../config/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import type { ExportRequest } from './export-query.js';
import { tooManyExports } from './errors.js';
import { readExport } from './export-text.js';

/** Maximum number of concurrent exports. Each holds a connection of the pool. */
export const MAX_EXPORTS = 2;
/** Idle timeout of the transaction. Longer than that of the client. */
const IDLE_LIMIT_MS = 60_000;

/** Provides exports as streams, and limits their number. */
@Injectable()
export class ExportService implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ExportService.name);
  private readonly streams = new Set<Readable>();
  private running = 0;
  private closing = false;
  private readonly timeouts: string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: TransactionRunner,
    @Inject(SETTINGS) { database: { timeouts } }: Settings,
  ) {
    this.timeouts = [
      `SET LOCAL statement_timeout = ${timeouts.statementMs}`,
      `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`,
    ].join('; ');
  }

  /**
   * Starts an export. The stream fails if the export fails, and releases the connection when it ends or is destroyed.
   *
   * @throws DomainError `overloaded` if too many exports are running; `agent_not_found`; `database_unavailable`; `shutting_down`
   */
  async open(request: ExportRequest): Promise<Readable> {
    if (this.closing) throw shuttingDown();
    if (this.running === MAX_EXPORTS) throw tooManyExports(MAX_EXPORTS);
    this.running += 1;
    try {
      const chunks = readExport(this.dataSource, request, { settings: this.timeouts });
      // Errors before the first chunk result in a problem response.
      const first = await this.transactions.read(() => chunks.next());
      return this.track(Readable.from(prepend(first, chunks), { objectMode: false }), request);
    } catch (error) {
      this.running -= 1;
      throw error;
    }
  }

  /** Ends running exports before the connections are closed. */
  beforeApplicationShutdown(): void {
    this.closing = true;
    for (const stream of this.streams) stream.destroy(shuttingDown());
  }

  private track(stream: Readable, { of }: ExportRequest): Readable {
    this.streams.add(stream);
    return stream
      .on('error', (error) => {
        this.logger.warn(`An export of ${of} was aborted: ${getErrorMessage(error)}`);
      })
      .once('close', () => {
        this.streams.delete(stream);
        this.running -= 1;
      });
  }
}

/**
 * Prepends a result to a started generator. Not a generator itself, because returning from an unstarted generator would not
 * end the inner one.
 */
function prepend<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void, undefined>): AsyncIterable<T> {
  let next: IteratorResult<T, void> | null = first;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const result = next ?? (await rest.next());
        next = null;
        return result;
      },
      return: () => rest.return(),
    }),
  };
}
