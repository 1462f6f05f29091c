import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { getErrorMessage } from '../common/index.js';
import { TransactionRunner } from '../database/transactions/index.js';

/** Interval between writes. */
const WRITE_EVERY_MS = 60_000;

const WRITE = `
  UPDATE api_keys SET last_used_at = used.at
    FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)
   WHERE api_keys.id = used.id AND (last_used_at IS NULL OR last_used_at < used.at)`;

/** Last use of each key: recorded in memory by each request, written once a minute and at shutdown. */
@Injectable()
export class KeyUsage implements BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyUsage.name);
  private readonly usedAt = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly transactions: TransactionRunner) {}

  record(id: string): void {
    this.usedAt.set(id, Date.now());
    this.timer ??= setTimeout(() => void this.write(), WRITE_EVERY_MS).unref();
  }

  /** Writes the recorded uses. A failure is only logged. */
  async write(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const used = [...this.usedAt];
    this.usedAt.clear();
    if (used.length === 0) return;
    const times = used.map(([, at]) => new Date(at).toISOString());
    try {
      await this.transactions.run((session) => session.query(WRITE, [used.map(([id]) => id), times]));
    } catch (error) {
      this.logger.warn(`Cannot write the last use of API keys: ${getErrorMessage(error)}`);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.write();
  }
}
