import type { Session } from './session.js';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { getErrorMessage } from '../../common/index.js';
import { isTransientConflict } from '../errors/index.js';

/** Time for which a failed replica is not used, in milliseconds. */
const RETRY_DELAY_MS = 5_000;

/** Replica for reads that may be slightly stale. It may be unavailable, also at start-up. */
export class ReadReplica implements OnApplicationShutdown {
  private readonly logger = new Logger(ReadReplica.name);
  private readonly dataSource: DataSource | null;
  private opening: Promise<unknown> | undefined;
  private isUnavailable = false;
  private nextTry = 0;

  /** @param options undefined if there is no replica */
  constructor(options: DataSourceOptions | undefined) {
    this.dataSource = options ? new DataSource(options) : null;
  }

  /**
   * Runs the read on the replica, and on the primary if there is no replica or the read fails there for any reason. While the
   * replica is unavailable, one read every RETRY_DELAY_MS tries it, with the usual connection timeout.
   */
  async read<T>(work: (session: Session) => Promise<T>, onPrimary: () => Promise<T>): Promise<T> {
    if (!this.dataSource || Date.now() < this.nextTry) return onPrimary();
    if (this.isUnavailable) this.postpone();
    try {
      await this.open(this.dataSource);
      const result = await work(this.dataSource.manager);
      this.markAvailable();
      return result;
    } catch (error) {
      // A standby cancels reads that conflict with replay; it is not unavailable.
      if (!isTransientConflict(error)) this.markUnavailable(error);
      return onPrimary();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opening?.catch(() => undefined);
    if (this.dataSource?.isInitialized) await this.dataSource.destroy();
  }

  private async open(dataSource: DataSource): Promise<void> {
    if (dataSource.isInitialized) return;
    this.opening ??= dataSource.initialize().finally(() => {
      this.opening = undefined;
    });
    await this.opening;
  }

  private markUnavailable(error: unknown): void {
    this.postpone();
    if (this.isUnavailable) return;
    this.isUnavailable = true;
    this.logger.warn(`The replica is unavailable: ${getErrorMessage(error)}. The primary serves its reads meanwhile`);
  }

  private postpone(): void {
    this.nextTry = Date.now() + RETRY_DELAY_MS;
  }

  private markAvailable(): void {
    this.nextTry = 0;
    if (!this.isUnavailable) return;
    this.isUnavailable = false;
    this.logger.log('The replica is available again');
  }
}
