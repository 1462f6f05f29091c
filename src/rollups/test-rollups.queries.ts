import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../database/transactions/index.js';
import {
  BUCKET_LENGTH,
  buildPerformance,
  buildTrends,
  type PerformanceRow,
  toTestPerformance,
} from './outcome-statements.js';
import { type Sums, type TestPerformance, type Trend, withInterval } from './test-outcomes.js';
import { ALL_AGENTS } from './test-rollup.js';
import type { TrendRange } from './trend-range.js';

/** $1 agent type, $2 category (null: all). */
const PERFORMANCE = buildPerformance(
  'test_rollups_by_kind WHERE agent_type = $1 AND ($2::text IS NULL OR category = $2)',
);
/** $4 agent type. */
const TRENDS = buildTrends('test_rollups_by_hour WHERE agent_type = $4 AND hour >= $1 AND hour < $2');

/** Outcomes of all recorded tests, of one agent or of all. */
@Injectable()
export class TestRollupQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** Outcomes in total, by category and by difficulty. @param category default: all categories */
  async getPerformance(agentType = ALL_AGENTS, category?: string): Promise<TestPerformance> {
    const rows = await this.transactions.readReplica((session) =>
      session.query<PerformanceRow[]>(PERFORMANCE, [agentType, category ?? null]),
    );
    return toTestPerformance(rows);
  }

  /** One trend for each bucket of the range, including buckets without tests, oldest first. */
  async getTrends({ bucket, from, to }: TrendRange, agentType = ALL_AGENTS): Promise<Trend[]> {
    const trends = await this.transactions.readReplica((session) =>
      session.query<(Sums & Pick<Trend, 'starts_at'>)[]>(TRENDS, [from, to, BUCKET_LENGTH[bucket], agentType]),
    );
    return trends.map(withInterval);
  }
}
