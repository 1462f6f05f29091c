import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, PAGE_LIMIT, toPage, type PageRequest } from '../common/index.js';
import { toJsonList, RECENT_SCORE } from '../database/values/index.js';
import { isVoided } from '../ledger/index.js';
import { INTEGER_MAX } from '../progression/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import type { OldLeaderboardEntryDto } from './dto/leaderboard.dto.js';
import type { OldRecentTestDto } from './dto/recent-tests.dto.js';

const isCount = (key: unknown): boolean => Number.isInteger(key) && Number(key) >= 0 && Number(key) <= INTEGER_MAX;
/** Cursor of the ranking: level, custody XP, agent type. */
const CURSOR_KEY = [isCount, isCount, (key: unknown) => typeof key === 'string'];
/** By level and custody XP, both descending, then by agent type. */
const RANKING_ORDER = '-level, -custody_xp, agent_type COLLATE "C"';

/** Parameters: limit; level, custody XP and agent type of the previous entry (null: first page). */
const LEADERBOARD = `
  SELECT agent_type AS ai_type, level, custody_xp AS xp,
         (SELECT coalesce(avg(CASE WHEN entry.value -> 'passed' = 'true' THEN 1 ELSE 0 END), 0)::float8
            FROM jsonb_array_elements(${toJsonList('test_history')}) entry (value)
         ) AS win_rate,
         ${RECENT_SCORE} AS recent_score
    FROM agent_metrics
   WHERE is_active AND ($4::text IS NULL OR (${RANKING_ORDER}) > (-$2::integer, -$3::integer, $4::text))
   ORDER BY ${RANKING_ORDER} LIMIT $1`;

/** An index-only scan of ix_agent_metrics_ranking. */
const TESTED_AGENTS = `SELECT count(*)::integer AS agents FROM agent_metrics WHERE total_tests_given > 0`;

/** Newest first; tests with equal times by arrival, newest first. */
const NEWEST = 'ORDER BY occurred_at DESC, id DESC LIMIT $1';
/** The newest judged tests of a type that are not voided, in the order of ix_agent_events_tests. Parameter: limit. */
const buildNewestTests = (type: RecordedTestType): string =>
  `(SELECT agent_type, type, payload, occurred_at, id FROM agent_events event
     WHERE type = '${type}' AND payload -> 'passed' IS DISTINCT FROM 'null' AND NOT ${isVoided('event')} ${NEWEST})`;
const buildRecentTests = (types: readonly RecordedTestType[]): string => `
  SELECT agent_type AS ai_type, replace(type, '_test', '') AS test_type,
         payload -> 'score' AS score, payload -> 'passed' AS passed, payload -> 'timestamp' AS timestamp,
         payload -> 'xp_awarded' AS xp_awarded,
         coalesce(payload ->> 'scenario_domain', '') AS scenario_domain,
         coalesce(payload ->> 'scenario_complexity', '') AS scenario_complexity,
         coalesce((payload -> 'is_winner')::boolean, false) AS is_winner
    FROM (${types.map(buildNewestTests).join(' UNION ALL ')}) test ${NEWEST}`;

type RecordedTestType = 'custody_test' | 'adversarial_test';
const RECENT_TESTS = buildRecentTests(['custody_test', 'adversarial_test']);
const RECENT_ADVERSARIAL_TESTS = buildRecentTests(['adversarial_test']);

/** Queries for the paths of the old backend. */
@Injectable()
export class LegacyCustodyQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** A page of the old backend's ranking. Inactive agents are not ranked. The cost grows with the number of agents. */
  async getLeaderboard({ limit = PAGE_LIMIT, cursor }: PageRequest): Promise<Page<OldLeaderboardEntryDto>> {
    const place = cursor === undefined ? [null, null, null] : decodeCursor(cursor, CURSOR_KEY);
    const rows = await this.transactions.readReplica((session) =>
      session.query<OldLeaderboardEntryDto[]>(LEADERBOARD, [limit + 1, ...place]),
    );
    return toPage(rows, limit, ({ level, xp, ai_type }) => [level, xp, ai_type]);
  }

  /** Number of agents with at least one test. */
  async countTestedAgents(): Promise<number> {
    const [row] = await this.transactions.readReplica((session) => session.query<{ agents: number }[]>(TESTED_AGENTS));
    if (!row) throw new Error('an aggregate without GROUP BY returned no row');
    return row.agents;
  }

  /** The newest recorded tests of all agents, without those in imported or migrated rows. */
  async listRecentTests(limit: number): Promise<OldRecentTestDto[]> {
    return this.transactions.readReplica((session) => session.query(RECENT_TESTS, [limit]));
  }

  /** Like listRecentTests, for adversarial tests only. */
  async listRecentAdversarialTests(limit: number): Promise<OldRecentTestDto[]> {
    return this.transactions.readReplica((session) => session.query(RECENT_ADVERSARIAL_TESTS, [limit]));
  }
}
