import { Injectable } from '@nestjs/common';
import { type AgentAccess, decodeCursor, type Page, PAGE_LIMIT, toPage, type PageRequest } from '../common/index.js';
import { buildAgentCondition, listAgentTypes, RECENT_SCORE, toJsonList } from '../database/values/index.js';
import { findMergedNames, isVoided } from '../ledger/index.js';
import { INTEGER_MAX } from '../progression/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import type { OldLeaderboardEntryDto } from './dto/leaderboard.dto.js';
import type { OldRecentTestDto } from './dto/recent-tests.dto.js';

const isCount = (key: unknown): boolean => Number.isInteger(key) && Number(key) >= 0 && Number(key) <= INTEGER_MAX;
/** Cursor of the ranking: level, custody XP, agent type. */
const CURSOR_KEY = [isCount, isCount, (key: unknown) => typeof key === 'string'];
/** By level and custody XP, both descending, then by agent type. */
const RANKING_ORDER = '-level, -custody_xp, agent_type COLLATE "C"';

/**
 * $1 limit; $2–$4 level, custody XP and agent type of the previous entry (null: first page).
 *
 * @param ranked condition of the ranked agents
 */
const buildLeaderboard = (ranked: string): string => `
  SELECT agent_type AS ai_type, level, custody_xp AS xp,
         (SELECT coalesce(avg(CASE WHEN entry.value -> 'passed' = 'true' THEN 1 ELSE 0 END), 0)::float8
            FROM jsonb_array_elements(${toJsonList('test_history')}) entry (value)
         ) AS win_rate,
         ${RECENT_SCORE} AS recent_score
    FROM agent_metrics
   WHERE is_active AND ${ranked}
     AND ($4::text IS NULL OR (${RANKING_ORDER}) > (-$2::integer, -$3::integer, $4::text))
   ORDER BY ${RANKING_ORDER} LIMIT $1`;

/** For all agents, an index-only scan of ix_agent_metrics_ranking. */
const buildTestedAgents = (counted: string): string =>
  `SELECT count(*)::integer AS agents FROM agent_metrics WHERE total_tests_given > 0 AND ${counted}`;

/** Newest first; tests with equal times by arrival, newest first. */
const NEWEST = 'ORDER BY occurred_at DESC, id DESC LIMIT $1';
/** Condition on the agents in $2. */
const SOME_AGENTS = 'agent_type = ANY($2::text[])';
/** The newest judged tests of a type that are not voided, of all agents in the order of ix_agent_events_tests. $1 limit, $2 agents unless all. */
const buildNewestTests = (type: RecordedTestType, agents: string): string =>
  `(SELECT agent_type, type, payload, occurred_at, id FROM agent_events event
     WHERE type = '${type}' AND payload -> 'passed' IS DISTINCT FROM 'null' AND NOT ${isVoided('event')} AND ${agents} ${NEWEST})`;
const buildRecentTests = (types: readonly RecordedTestType[], agents = 'TRUE'): string => `
  SELECT coalesce(merged.agent_type, test.agent_type) AS ai_type, replace(type, '_test', '') AS test_type,
         payload -> 'score' AS score, payload -> 'passed' AS passed, payload -> 'timestamp' AS timestamp,
         payload -> 'xp_awarded' AS xp_awarded,
         coalesce(payload ->> 'scenario_domain', '') AS scenario_domain,
         coalesce(payload ->> 'scenario_complexity', '') AS scenario_complexity,
         coalesce((payload -> 'is_winner')::boolean, false) AS is_winner
    FROM (${types.map((type) => buildNewestTests(type, agents)).join(' UNION ALL ')}) test
    LEFT JOIN agent_aliases merged ON merged.name = test.agent_type AND merged.kind = 'merged' ${NEWEST}`;

type RecordedTestType = 'custody_test' | 'adversarial_test';
const ALL_TESTS: readonly RecordedTestType[] = ['custody_test', 'adversarial_test'];
const ADVERSARIAL_TESTS: readonly RecordedTestType[] = ['adversarial_test'];

/** Queries for the paths of the old backend. They include the agents that the caller may access. */
@Injectable()
export class LegacyCustodyQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** A page of the old backend's ranking. Inactive agents are not ranked. The cost grows with the number of agents. */
  async getLeaderboard(
    { limit = PAGE_LIMIT, cursor }: PageRequest,
    access: AgentAccess,
  ): Promise<Page<OldLeaderboardEntryDto>> {
    const { sql, parameters } = buildAgentCondition(access, 5);
    const place = cursor === undefined ? [null, null, null] : decodeCursor(cursor, CURSOR_KEY);
    const rows = await this.transactions.readReplica((session) =>
      session.query<OldLeaderboardEntryDto[]>(buildLeaderboard(sql), [limit + 1, ...place, ...parameters]),
    );
    return toPage(rows, limit, ({ level, xp, ai_type }) => [level, xp, ai_type]);
  }

  /** Number of agents with at least one test. */
  async countTestedAgents(access: AgentAccess): Promise<number> {
    const { sql, parameters } = buildAgentCondition(access, 1);
    const [row] = await this.transactions.readReplica((session) =>
      session.query<{ agents: number }[]>(buildTestedAgents(sql), parameters),
    );
    if (!row) throw new Error('an aggregate without GROUP BY returned no row');
    return row.agents;
  }

  /** The newest recorded tests of all agents, without those in imported or migrated rows. */
  async listRecentTests(limit: number, access: AgentAccess): Promise<OldRecentTestDto[]> {
    return this.listTests(ALL_TESTS, limit, access);
  }

  /** Like listRecentTests, for adversarial tests only. */
  async listRecentAdversarialTests(limit: number, access: AgentAccess): Promise<OldRecentTestDto[]> {
    return this.listTests(ADVERSARIAL_TESTS, limit, access);
  }

  private async listTests(
    types: readonly RecordedTestType[],
    limit: number,
    access: AgentAccess,
  ): Promise<OldRecentTestDto[]> {
    return this.transactions.readReplica(async (session) => {
      if (!access.isLimited) return session.query(buildRecentTests(types), [limit]);
      const agentTypes = await listAgentTypes(session, access);
      const names = [...agentTypes, ...(await findMergedNames(session, agentTypes))];
      return session.query(buildRecentTests(types, SOME_AGENTS), [limit, names]);
    });
  }
}
