import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AgentMetricsService } from './agent-metrics.service.js';

/** Sees to it that the default agents exist when the service starts. */
@Injectable()
export class DefaultAgents implements OnApplicationBootstrap {
  constructor(private readonly service: AgentMetricsService) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.createDefaultAgents();
  }
}
