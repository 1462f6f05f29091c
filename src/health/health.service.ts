import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, MigrationExecutor } from 'typeorm';
import { messageOf } from '../common/error-message.js';
import type { ReadyDto, UnreadyDto } from './health.dto.js';

/** How long the database may take to answer before it counts as disconnected. */
const DATABASE_TIMEOUT_MS = 2_000;

/** Tells whether the service can do its work. */
@Injectable()
export class HealthService {
  private isShuttingDown = false;

  constructor(private readonly dataSource: DataSource) {}

  /** From now on it isn't ready, so that load balancers turn to others while it still serves. */
  announceShutdown(): void {
    this.isShuttingDown = true;
  }

  async ready(): Promise<ReadyDto | UnreadyDto> {
    try {
      const pending = await Promise.race([this.pendingMigrations(), timeout()]);
      if (this.isShuttingDown) return { status: 'unhealthy', database: 'connected', reason: 'shutting down' };
      return pending === 0
        ? { status: 'healthy', database: 'connected' }
        : { status: 'unhealthy', database: 'connected', reason: `${pending} migrations are pending` };
    } catch (error) {
      return { status: 'unhealthy', database: 'disconnected', reason: messageOf(error) };
    }
  }

  private async pendingMigrations(): Promise<number> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      return (await new MigrationExecutor(this.dataSource, queryRunner).getPendingMigrations()).length;
    } finally {
      await queryRunner.release();
    }
  }
}

async function timeout(): Promise<never> {
  await sleep(DATABASE_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`the database gave no answer within ${DATABASE_TIMEOUT_MS} ms`);
}
