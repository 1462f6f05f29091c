import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../database/transaction-runner.js';

/** How tests came out. */
export interface TestOutcomes {
  tests: number;
  passed: number;
  /** Ratio 0–1. */
  pass_rate: number;
  /** 0–100; null when no test says its score. */
  average_score: number | null;
  /** Seconds; null when no test says its duration, as adversarial ones don't. */
  average_duration: number | null;
}

/** How tests came out, by what was tested. */
export interface TestPerformance {
  by_difficulty: Record<string, TestOutcomes>;
  by_category: Record<string, TestOutcomes>;
  /** By the day (UTC, YYYY-MM-DD) on which they ended, oldest first. */
  by_day: ({ day: string } & TestOutcomes)[];
}

type Row = TestOutcomes & { difficulty: string | null; category: string | null; day: string | null };

/** Entries of the histories that a PUT has put there may be anything: what isn't a test is left out, as are odd fields. */
const PERFORMANCE = `
  WITH test AS (
    SELECT entry ->> 'difficulty' AS difficulty, entry ->> 'category' AS category,
           CASE WHEN entry ->> 'timestamp' ~ '^\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z$'
                THEN left(entry ->> 'timestamp', 10) END AS day,
           (entry ->> 'passed')::boolean AS passed,
           CASE jsonb_typeof(entry -> 'score') WHEN 'number' THEN (entry ->> 'score')::float8 END AS score,
           CASE jsonb_typeof(entry -> 'duration') WHEN 'number' THEN (entry ->> 'duration')::float8 END AS duration
      FROM agent_metrics, jsonb_path_query(test_history, '$[*] ? (@.passed.type() == "boolean")') entry
  )
  SELECT difficulty, category, day, count(*)::integer AS tests, count(*) FILTER (WHERE passed)::integer AS passed,
         count(*) FILTER (WHERE passed)::float8 / count(*) AS pass_rate,
         avg(score) AS average_score, avg(duration) AS average_duration
    FROM test GROUP BY GROUPING SETS ((difficulty), (category), (day))
   ORDER BY difficulty, category, day`;

/** How the tests came out that the agents' histories still have: the newest 50 of each, unless set otherwise. */
@Injectable()
export class TestPerformanceQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  async ofAllAgents(): Promise<TestPerformance> {
    const rows = await this.transactions.read((manager) => manager.query<Row[]>(PERFORMANCE));
    return {
      by_difficulty: Object.fromEntries(outcomesBy('difficulty', rows)),
      by_category: Object.fromEntries(outcomesBy('category', rows)),
      by_day: outcomesBy('day', rows).map(([day, outcomes]) => ({ day, ...outcomes })),
    };
  }
}

/** Of a grouping the other columns are null; the group of tests that don't say it is left out. */
function outcomesBy(column: 'difficulty' | 'category' | 'day', rows: readonly Row[]): [string, TestOutcomes][] {
  return rows.flatMap((row): [string, TestOutcomes][] => {
    const { tests, passed, pass_rate, average_score, average_duration } = row;
    const key = row[column];
    return key === null ? [] : [[key, { tests, passed, pass_rate, average_score, average_duration }]];
  });
}
