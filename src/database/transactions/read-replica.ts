import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import { getErrorMessage } from '../../common/index.js';
import { isTransientConflict } from '../errors/index.js';

/** How long a replica that failed isn't asked. */
const RETRY_DELAY_MS = 5_000;

/** A server that follows the primary, for reads that may be of a moment ago. It may be away, also at the start. */
export class ReadReplica implements OnApplicationShutdown {
  private readonly logger = new Logger(ReadReplica.name);
  private readonly dataSource: DataSource | null;
  private opening: Promise<unknown> | undefined;
  private isUnavailable = false;
  private nextTry = 0;

  /** @param options undefined where there is no replica */
  constructor(options: DataSourceOptions | undefined) {
    this.dataSource = options ? new DataSource(options) : null;
  }

  /**
   * Runs the read on the replica; on the primary where there is none, and when it fails there for whatever reason: what
   * is wrong with the read itself fails on the primary as well. A replica that is away is asked by one read in five
   * seconds, which waits for it as long as for the primary.
   */
  async read<T>(work: (manager: EntityManager) => Promise<T>, onPrimary: () => Promise<T>): Promise<T> {
    if (!this.dataSource || Date.now() < this.nextTry) return onPrimary();
    if (this.isUnavailable) this.postpone();
    try {
      await this.open(this.dataSource);
      const result = await work(this.dataSource.manager);
      this.markAvailable();
      return result;
    } catch (error) {
      // A standby ends a read that would hold up what it has to replay.
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
    this.logger.warn(
      `The replica can't be used: ${getErrorMessage(error)}. The primary serves its reads until it is back`,
    );
  }

  private postpone(): void {
    this.nextTry = Date.now() + RETRY_DELAY_MS;
  }

  private markAvailable(): void {
    this.nextTry = 0;
    if (!this.isUnavailable) return;
    this.isUnavailable = false;
    this.logger.log('The replica is back');
  }
}
