import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DomainError } from '../common/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { findReadOnlyReason } from '../database/errors/index.js';
import { AgentMetricsService } from './write/agent-metrics.service.js';

/** Creates the default agents at start-up. If the database is read-only, they are created at a later start. */
@Injectable()
export class DefaultAgents implements OnApplicationBootstrap {
  private readonly logger = new Logger(DefaultAgents.name);

  constructor(
    private readonly service: AgentMetricsService,
    private readonly transactions: TransactionRunner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.service.createDefaultAgents();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'database_read_only') throw error;
      const reason = (await this.transactions.read(findReadOnlyReason)) ?? 'took no writes a moment ago';
      this.logger.warn(
        `The database ${reason}: the service is not ready, and refuses writes until the database is writable`,
      );
    }
  }
}
