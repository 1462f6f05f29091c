import { Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { getErrorMessage, shuttingDown } from '../../common/index.js';
import { SETTINGS, type Settings } from '../../config/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import type { ExportRequest } from './export-query.js';
import { exportText } from './export-text.js';
import { tooManyExports } from './errors.js';

/** Exports that may run at the same time: each holds a connection of the pool until its end. */
export const EXPORTS_AT_ONCE = 2;
/** How long the transaction may wait for the reader. A client that reads nothing is given up before. */
const IDLE_LIMIT_MS = 60_000;

/** Exports as streams, of which a few may run at the same time. */
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
   * Begins an export. Its stream fails when the export does, and gives the connection back when it ends or is destroyed.
   *
   * @throws DomainError `overloaded` when too many run; `agent_not_found`; `database_unavailable`; `shutting_down`
   */
  async open(request: ExportRequest): Promise<Readable> {
    if (this.closing) throw shuttingDown();
    if (this.running === EXPORTS_AT_ONCE) throw tooManyExports(EXPORTS_AT_ONCE);
    this.running += 1;
    try {
      const chunks = exportText(this.dataSource, request, { settings: this.timeouts });
      // What goes wrong before the first chunk can still be answered.
      const first = await this.transactions.read(() => chunks.next());
      return this.track(Readable.from(continued(first, chunks), { objectMode: false }), request);
    } catch (error) {
      this.running -= 1;
      throw error;
    }
  }

  /** Ends what runs: the connections are about to close. */
  beforeApplicationShutdown(): void {
    this.closing = true;
    for (const stream of this.streams) stream.destroy(shuttingDown());
  }

  private track(stream: Readable, { of }: ExportRequest): Readable {
    this.streams.add(stream);
    return stream
      .on('error', (error) => {
        this.logger.warn(`An export of ${of} ended before its end: ${getErrorMessage(error)}`);
      })
      .once('close', () => {
        this.streams.delete(stream);
        this.running -= 1;
      });
  }
}

/**
 * A generator of which one result was taken already. Not a generator itself: one that wasn't begun would end without
 * ending the other.
 */
function continued<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void, undefined>): AsyncIterable<T> {
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
