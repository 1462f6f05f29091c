import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../database/transaction-runner.js';
import type { AnalyticsSummaryDto } from './dto/analytics-summary.dto.js';

const SUMMARY = `
  SELECT count(*)::integer AS total_agents,
         count(*) FILTER (WHERE is_active)::integer AS active_agents,
         coalesce(sum(learning_score), 0) AS total_learning_score,
         coalesce(avg(learning_score), 0) AS average_learning_score,
         coalesce(sum(total_learning_cycles), 0)::float8 AS total_learning_cycles,
         coalesce(sum(xp), 0)::float8 AS total_xp,
         coalesce(avg(level), 0)::float8 AS average_level,
         coalesce(sum(total_tests_given), 0)::float8 AS total_tests_given,
         coalesce(sum(total_tests_passed), 0)::float8 AS total_tests_passed,
         coalesce(sum(total_tests_failed), 0)::float8 AS total_tests_failed,
         coalesce(sum(total_tests_passed)::float8 / nullif(sum(total_tests_given), 0), 0) AS overall_pass_rate,
         coalesce(sum(adversarial_wins), 0)::float8 AS total_adversarial_wins,
         coalesce(sum(custody_xp), 0)::float8 AS total_custody_xp,
         coalesce(avg(custody_level), 0)::float8 AS average_custody_level,
         (SELECT coalesce(jsonb_object_agg(current_difficulty, agents), '{}')
            FROM (SELECT current_difficulty, count(*) AS agents FROM agent_metrics GROUP BY 1) difficulty
         ) AS agents_by_difficulty
    FROM agent_metrics`;

/** Analytics over all agents. */
@Injectable()
export class AnalyticsQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  async summary(): Promise<AnalyticsSummaryDto> {
    const [summary] = await this.transactions.read((manager) => manager.query<AnalyticsSummaryDto[]>(SUMMARY));
    if (!summary) throw new Error('an aggregate without GROUP BY gave no row');
    return summary;
  }
}
