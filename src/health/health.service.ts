import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MigrationExecutor } from 'typeorm';
import { getErrorMessage } from '../common/index.js';
import { findReadOnlyReason } from '../database/errors/index.js';
import type { ReadyDto, UnreadyDto } from './health.dto.js';
import { OUTAGE, type Outage } from './outage.js';

/** Timeout for the database to respond; after that it counts as disconnected. */
const DATABASE_TIMEOUT_MS = 2_000;

/** Checks the readiness of the service. */
@Injectable()
export class HealthService {
  private isShuttingDown = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(OUTAGE) private readonly outage: Outage,
  ) {}

  /** Reports not ready from now on, so that load balancers stop sending requests before the service stops. */
  announceShutdown(): void {
    this.isShuttingDown = true;
  }

  async ready(): Promise<ReadyDto | UnreadyDto> {
    try {
      const obstacle = await Promise.race([this.obstacle(), timeout()]);
      const reason = this.isShuttingDown ? 'shutting down' : obstacle;
      return reason === null
        ? { status: 'healthy', database: 'connected' }
        : { status: 'unhealthy', database: 'connected', reason };
    } catch (error) {
      return { status: 'unhealthy', database: 'disconnected', reason: this.outage() ?? getErrorMessage(error) };
    }
  }

  /** Finds the reason why a reachable database cannot be used; null if there is none. */
  private async obstacle(): Promise<string | null> {
    const queryRunner = this.dataSource.createQueryRunner();
    try {
      const readOnly = await findReadOnlyReason(queryRunner);
      if (readOnly !== null) return `the database ${readOnly}`;
      const pending = await new MigrationExecutor(this.dataSource, queryRunner).getPendingMigrations();
      return pending.length === 0 ? null : `${pending.length} migrations are pending`;
    } finally {
      await queryRunner.release();
    }
  }
}

async function timeout(): Promise<never> {
  await sleep(DATABASE_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`the database did not respond within ${DATABASE_TIMEOUT_MS} ms`);
}
