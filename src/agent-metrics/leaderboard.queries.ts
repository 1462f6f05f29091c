import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, PAGE_LIMIT, pageOf, type PageRequest } from '../common/page.js';
import { TransactionRunner } from '../database/transaction-runner.js';
import type { LeaderboardEntryDto } from './dto/leaderboard-entry.dto.js';

const isNumber = (key: unknown): boolean => typeof key === 'number';
const RANK_KEY = [isNumber, isNumber, isNumber, (key: unknown) => typeof key === 'string'];

/** Best first; the columns are negated so that all four ascend and one comparison of tuples finds the next page. */
const RANK_ORDER = '-learning_score, -custody_xp, -win_rate, agent_type COLLATE "C"';

const PAGE = `
  WITH rated AS (
    SELECT *, CASE WHEN total_tests_given = 0 THEN 0 ELSE adversarial_wins::float8 / total_tests_given END AS win_rate
      FROM agent_metrics
  ), ranked AS (
    SELECT *, row_number() OVER (ORDER BY ${RANK_ORDER})::integer AS rank FROM rated
  )
  SELECT rank, agent_type, level, learning_score, custody_xp, win_rate,
         jsonb_path_query_first(test_history, '$[last].score ? (@.type() == "number")')::float8 AS recent_score,
         total_tests_given AS total_tests, adversarial_wins, pass_rate, xp,
         consecutive_successes, consecutive_failures, last_test_date, status
    FROM ranked
   WHERE $1::float8 IS NULL
      OR (${RANK_ORDER}) > (-$1::float8, -$2::float8, -$3::float8, $4::text)
   ORDER BY rank LIMIT $5`;

/** The ranking of all agents: by learning score, custody XP and win rate, all descending, then by agent type. */
@Injectable()
export class LeaderboardQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  async page({ limit = PAGE_LIMIT, cursor }: PageRequest): Promise<Page<LeaderboardEntryDto>> {
    const after = cursor === undefined ? [null, null, null, null] : decodeCursor(cursor, RANK_KEY);
    const rows = await this.transactions.read((manager) =>
      manager.query<LeaderboardEntryDto[]>(PAGE, [...after, limit + 1]),
    );
    return pageOf(rows, limit, (entry) => [entry.learning_score, entry.custody_xp, entry.win_rate, entry.agent_type]);
  }
}
