import { Inject, Injectable } from '@nestjs/common';
import { AgentMetricsService, CustodyService } from 'lvlup-agent-metrics';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from './data-source.js';
import { Proposal } from './proposal.entity.js';

/** Result of the review of a proposal. */
export interface Review {
  agentType: string;
  text: string;
  /** Score of the review, 0–100. */
  score: number;
  /** Identifies the review; a repeated call has no further effect on the agent. */
  reviewId: string;
}

@Injectable()
export class ProposalsService {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly agents: AgentMetricsService,
    private readonly custody: CustodyService,
  ) {}

  /** Stores a reviewed proposal and scores its agent: both are committed, or neither. */
  async accept({ agentType, text, score, reviewId }: Review): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const { id } = await manager.save(Proposal, { agent_type: agentType, text });
      const result = { passed: score >= 70, score, duration: 12.5 };
      await this.agents.updateCustodyTestResult(agentType, result, { manager, idempotencyKey: reviewId });
      return id;
    });
  }

  /** Whether an agent may propose, checked in process. */
  async mayPropose(agentType: string): Promise<boolean> {
    const { eligible } = await this.custody.checkEligibility('propose', agentType);
    return eligible;
  }

  async count(): Promise<number> {
    return this.dataSource.getRepository(Proposal).count();
  }
}
