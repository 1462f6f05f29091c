import { Injectable } from '@nestjs/common';
import { PAGE_LIMIT } from '../../common/index.js';
import { PLANNED_EACH_TIME } from '../../database/client/index.js';
import { selectContributions } from '../../database/migrations/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { clampTime } from '../../database/values/index.js';
import { isVoided } from '../../ledger/index.js';
import {
  BUCKET_LENGTH,
  buildPerformance,
  buildTrends,
  OUTCOMES,
  type PerformanceRow,
  type Sums,
  type TestPerformance,
  toTestPerformance,
  type Trend,
  type TrendRange,
  withInterval,
} from '../../rollups/index.js';
import type { ComparisonRequest } from '../requests/compare-query.dto.js';
import type { EvidenceFilter, TestFilter } from '../requests/test-filter.dto.js';
import { buildConditions, isTest, selectEvidence, StatementParameters } from './event-conditions.js';

/** Group of a comparison, without its interval and difference. `position`: 1, 2, 3, …, most recent first. */
export type ComparedRow = Sums & { value: string | null; first_at: Date; last_at: Date; position: number };

/**
 * Outcomes of the recorded tests that a filter selects, read from the ledger. Voided tests are not counted. The cost grows
 * with the number of tests that the most selective condition leaves.
 */
@Injectable()
export class FilteredTestQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** Outcomes in total, by category and by difficulty. */
  async getPerformance(filter: TestFilter, agentType?: string): Promise<TestPerformance> {
    const parameters = new StatementParameters();
    const tests = selectTests({ filter, agentType }, parameters);
    return toTestPerformance(await this.read<PerformanceRow>(buildPerformance(tests), parameters));
  }

  /** One trend for each bucket of the range, including buckets without tests, oldest first. */
  async getTrends({ bucket, from, to }: TrendRange, filter: EvidenceFilter, agentType?: string): Promise<Trend[]> {
    const parameters = new StatementParameters();
    parameters.values.push(from, to, BUCKET_LENGTH[bucket]);
    const tests = selectTests({ filter: { ...filter, from, to }, agentType }, parameters);
    const trends = await this.read<Sums & Pick<Trend, 'starts_at'>>(buildTrends(tests), parameters);
    return trends.map(withInterval);
  }

  /**
   * Groups of the tests that have evidence, most recent first: up to `limit` + 1, the baseline, and the two most recent ones
   * with judged tests.
   */
  async getGroups(
    agentType: string,
    { by, baseline, limit = PAGE_LIMIT, ...filter }: ComparisonRequest,
  ): Promise<ComparedRow[]> {
    const parameters = new StatementParameters();
    const tests = selectTests({ filter, agentType, by }, parameters);
    const isBaseline = baseline === undefined ? 'false' : `value = ${parameters.add(baseline, 'text')}`;
    const statement = `
  WITH compared AS (
    SELECT value, ${OUTCOMES},
           ${clampTime('min(occurred_at)')} AS first_at, ${clampTime('max(occurred_at)')} AS last_at,
           row_number() OVER (ORDER BY max(occurred_at) DESC, value COLLATE "C")::integer AS position,
           row_number() OVER (PARTITION BY sum(tests) > 0 ORDER BY max(occurred_at) DESC, value COLLATE "C") AS judged
      FROM ${tests} GROUP BY value
  )
  SELECT value, tests, passed, errored, pass_rate, average_score, average_duration, first_at, last_at, position
    FROM compared
   WHERE position <= ${parameters.add(limit, 'integer')} + 1 OR (tests > 0 AND judged <= 2) OR ${isBaseline}
   ORDER BY position`;
    return this.read<ComparedRow>(statement, parameters);
  }

  private async read<Row>(statement: string, { values }: StatementParameters): Promise<Row[]> {
    return this.transactions.readReplica((session) => session.query<Row[]>(PLANNED_EACH_TIME + statement, values));
  }
}

/** Selects tests of an agent or all agents; `by`: only those with evidence, and `value` is this field of it. */
interface TestSelection {
  filter: TestFilter;
  agentType: string | undefined;
  by?: string;
}

/** FROM item with the contribution of each test to the rollups, `value` and `occurred_at`. */
function selectTests({ filter, agentType, by }: TestSelection, parameters: StatementParameters): string {
  const conditions = [
    isTest('tested'),
    ...(agentType === undefined ? [] : [`tested.agent_type = ${parameters.add(agentType, 'text')}`]),
    ...(by === undefined ? [] : [`tested.payload ? 'evidence'`]),
    ...buildConditions(filter, 'tested', parameters),
    `NOT ${isVoided('tested')}`,
  ];
  return `(
    SELECT ${by === undefined ? 'NULL' : selectEvidence('tested', by)} AS value, tested.occurred_at, contribution.*
      FROM agent_events tested
     CROSS JOIN LATERAL (${selectContributions('(SELECT tested.*) event', 1)}) contribution
     WHERE ${conditions.join('\n       AND ')}
  ) test`;
}
