import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, PAGE_LIMIT, toPage, type PageRequest } from '../common/index.js';
import { toJsonList, RECENT_SCORE } from '../database/values/index.js';
import { INTEGER_MAX } from '../progression/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import type { OldLeaderboardEntryDto } from './dto/old-leaderboard.dto.js';
import type { OldRecentTestDto } from './dto/old-recent-tests.dto.js';

/** The old backend's ranking: by level and custody XP, both descending, then by agent type. */
const isCount = (key: unknown): boolean => Number.isInteger(key) && Number(key) >= 0 && Number(key) <= INTEGER_MAX;
const PLACE_KEY = [isCount, isCount, (key: unknown) => typeof key === 'string'];
const PLACE = '-level, -custody_xp, agent_type COLLATE "C"';

/** $1 how many entries, $2–$4 place of the entry before; null: from the top. */
const LEADERBOARD = `
  SELECT agent_type AS ai_type, level, custody_xp AS xp,
         (SELECT coalesce(avg(CASE WHEN entry.value -> 'passed' = 'true' THEN 1 ELSE 0 END), 0)::float8
            FROM jsonb_array_elements(${toJsonList('test_history')}) entry (value)
         ) AS win_rate,
         ${RECENT_SCORE} AS recent_score
    FROM agent_metrics
   WHERE $4::text IS NULL OR (${PLACE}) > (-$2::integer, -$3::integer, $4::text)
   ORDER BY ${PLACE} LIMIT $1`;

/** ix_agent_metrics_ranking answers it without looking at rows. */
const TESTED_AGENTS = `SELECT count(*)::integer AS agents FROM agent_metrics WHERE total_tests_given > 0`;

/** Newest first; results of the same moment in the order of their arrival, the last one first. */
const NEWEST = 'ORDER BY occurred_at DESC, id DESC LIMIT $1';
/** The newest tests of a type, which ix_agent_events_tests has in this order. $1 how many. */
const newestOf = (type: RecordedTestType): string =>
  `(SELECT agent_type, type, payload, occurred_at, id FROM agent_events WHERE type = '${type}' ${NEWEST})`;
const recentTests = (types: readonly RecordedTestType[]): string => `
  SELECT agent_type AS ai_type, replace(type, '_test', '') AS test_type,
         payload -> 'score' AS score, payload -> 'passed' AS passed, payload -> 'timestamp' AS timestamp,
         payload -> 'xp_awarded' AS xp_awarded,
         coalesce(payload ->> 'scenario_domain', '') AS scenario_domain,
         coalesce(payload ->> 'scenario_complexity', '') AS scenario_complexity,
         coalesce((payload -> 'is_winner')::boolean, false) AS is_winner
    FROM (${types.map(newestOf).join(' UNION ALL ')}) test ${NEWEST}`;

type RecordedTestType = 'custody_test' | 'adversarial_test';
const RECENT_TESTS = recentTests(['custody_test', 'adversarial_test']);
const RECENT_ADVERSARIAL_TESTS = recentTests(['adversarial_test']);

/** Reads that only the old backend's paths need. */
@Injectable()
export class OldCustodyQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** A page of the old backend's ranking. Its cost grows with the number of agents. */
  async leaderboard({ limit = PAGE_LIMIT, cursor }: PageRequest): Promise<Page<OldLeaderboardEntryDto>> {
    const place = cursor === undefined ? [null, null, null] : decodeCursor(cursor, PLACE_KEY);
    const rows = await this.transactions.readReplica((manager) =>
      manager.query<OldLeaderboardEntryDto[]>(LEADERBOARD, [limit + 1, ...place]),
    );
    return toPage(rows, limit, ({ level, xp, ai_type }) => [level, xp, ai_type]);
  }

  /** How many agents have taken a test. */
  async testedAgents(): Promise<number> {
    const [row] = await this.transactions.readReplica((manager) => manager.query<{ agents: number }[]>(TESTED_AGENTS));
    if (!row) throw new Error('an aggregate without GROUP BY gave no row');
    return row.agents;
  }

  /** The newest tests of all agents that were recorded here; those that a row was taken over with aren't among them. */
  async recentTests(limit: number): Promise<OldRecentTestDto[]> {
    return this.transactions.readReplica((manager) => manager.query(RECENT_TESTS, [limit]));
  }

  /** As recentTests, but adversarial ones only. */
  async recentAdversarialTests(limit: number): Promise<OldRecentTestDto[]> {
    return this.transactions.readReplica((manager) => manager.query(RECENT_ADVERSARIAL_TESTS, [limit]));
  }
}
