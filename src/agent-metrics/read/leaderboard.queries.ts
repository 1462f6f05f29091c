import { Injectable } from '@nestjs/common';
import {
  AgentAccess,
  agentNotFound,
  decodeCursor,
  type Page,
  PAGE_LIMIT,
  ThrowsDomainErrors,
  toPage,
} from '../../common/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { buildAgentCondition, RECENT_SCORE, toRepresentableTime } from '../../database/values/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { INTEGER_MAX } from '../../progression/index.js';
import type { LeaderboardEntryDto } from '../api/dto/leaderboard-entry.dto.js';
import { LeaderboardArgument, type LeaderboardRequest } from '../requests/leaderboard-query.dto.js';

/** Default number of entries on a page around an agent. */
export const NEIGHBOURHOOD = 11;

const isNumber = (key: unknown): boolean => typeof key === 'number';
const isCustodyXp = (key: unknown): boolean => Number.isInteger(key) && Number(key) >= 0 && Number(key) <= INTEGER_MAX;
const RANK_KEY = [isNumber, isCustodyXp, isNumber, (key: unknown) => typeof key === 'string'];

const WIN_RATE =
  'CASE WHEN total_tests_given = 0 THEN 0 ELSE adversarial_wins::double precision / total_tests_given END';
/**
 * Sort keys, best first. Numbers are negated so that all keys ascend: a single row comparison then finds a position,
 * using the index ix_agent_metrics_ranking on these expressions.
 */
const KEYS = ['-learning_score', '-custody_xp', `-${WIN_RATE}`, 'agent_type COLLATE "C"'];
const RANK_ORDER = KEYS.join(', ');
const REVERSED = KEYS.map((key) => `${key} DESC`).join(', ');
const PLACE = KEYS.map((key, index) => `${key} AS key_${index}`).join(', ');
const KEY_NAMES = KEYS.map((_, index) => `key_${index}`).join(', ');

/** Start position of a page. Each is a function of the condition of the ranked agents. */
const buildFirst: Place = (ranked) =>
  `SELECT ${PLACE} FROM agent_metrics WHERE ${ranked} ORDER BY ${RANK_ORDER} LIMIT 1`;
/** $2–$5 position of the previous entry. */
const buildAfter: Place = (ranked) => `
    SELECT ${PLACE} FROM agent_metrics
     WHERE ${ranked} AND (${RANK_ORDER}) > (-$2::float8, -$3::integer, -$4::float8, $5::text) ORDER BY ${RANK_ORDER} LIMIT 1`;
/** $2 agent type, $3 maximum number of entries before it. */
const buildBeforeAgent: Place = (ranked) => `
    SELECT * FROM (
      SELECT ${PLACE} FROM agent_metrics
       WHERE ${ranked} AND (${RANK_ORDER}) <= (SELECT ${RANK_ORDER} FROM agent_metrics WHERE agent_type = $2)
       ORDER BY ${REVERSED} LIMIT $3::integer + 1
    ) near ORDER BY ${KEY_NAMES} LIMIT 1`;

/** $1 limit. A single statement, so that ranks and entries are consistent. */
const buildPage = (buildPlace: Place, ranked: string): string => `
  WITH place AS MATERIALIZED (${buildPlace(ranked)}
  ), better AS MATERIALIZED (
    SELECT count(*) AS agents FROM agent_metrics WHERE ${ranked} AND (${RANK_ORDER}) < (SELECT * FROM place)
  ), entry AS MATERIALIZED (
    SELECT ${PLACE}, agent_type, level, learning_score, custody_xp, ${WIN_RATE} AS win_rate,
           ${RECENT_SCORE} AS recent_score,
           total_tests_given AS total_tests, adversarial_wins, pass_rate, xp,
           consecutive_successes, consecutive_failures, ${toRepresentableTime('last_test_date')} AS last_test_date, status
      FROM agent_metrics WHERE ${ranked} AND (${RANK_ORDER}) >= (SELECT * FROM place)
     ORDER BY ${RANK_ORDER} LIMIT $1
  )
  SELECT (SELECT agents FROM better)::integer + row_number() OVER (ORDER BY ${KEY_NAMES})::integer AS rank,
         agent_type, agent_type AS ai_type, level, learning_score, custody_xp, win_rate, recent_score, total_tests, adversarial_wins, pass_rate, xp,
         consecutive_successes, consecutive_failures, last_test_date, status
    FROM entry ORDER BY ${KEY_NAMES}`;

/** Statement that selects the start position of a page. @param ranked condition of the ranked agents */
type Place = (ranked: string) => string;

/** Start position of a page, with its parameters, among the ranked agents. */
interface Position {
  place: Place;
  parameters: readonly (string | number)[];
  access: AgentAccess;
}

/**
 * Leaderboard: all agents by learning score, custody XP and win rate, all descending, then by agent type. Pages are
 * read by index. The cost of ranks grows with the number of preceding agents, which are counted in the index. Throws
 * DomainError only.
 */
@Injectable()
@ThrowsDomainErrors()
export class LeaderboardQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /**
   * Reads a page from the top, after a cursor, or around an agent. The agent is in the middle of the page, except near
   * the top (the page starts at rank 1) and near the end (the page is shorter).
   *
   * @param access agents that are ranked; ranks count these agents only. Default: all
   * @throws DomainError `validation_failed` if the request is invalid; `agent_forbidden` if the agent is not among the ranked
   *   ones; `agent_not_found` if the agent does not exist
   */
  async page(request: LeaderboardRequest = {}, access = AgentAccess.ALL): Promise<Page<LeaderboardEntryDto>> {
    AgentAccess.assert(access);
    const { limit, cursor, around } = parseArgument(request, LeaderboardArgument);
    if (around !== undefined) return this.pageAround(around, limit ?? NEIGHBOURHOOD, access);
    const size = limit ?? PAGE_LIMIT;
    return cursor === undefined
      ? this.read({ place: buildFirst, parameters: [], access }, size)
      : this.read({ place: buildAfter, parameters: decodeCursor(cursor, RANK_KEY), access }, size);
  }

  private async pageAround(agentType: string, limit: number, access: AgentAccess): Promise<Page<LeaderboardEntryDto>> {
    access.assertMayAccess(agentType);
    const position: Position = {
      place: buildBeforeAgent,
      parameters: [agentType, Math.floor((limit - 1) / 2)],
      access,
    };
    const entries = await this.read(position, limit);
    if (entries.items.length > 0) return entries;
    // A replica may lag behind.
    const newest = await this.read(position, limit, 'primary');
    if (newest.items.length === 0) throw agentNotFound(agentType);
    return newest;
  }

  private async read(
    { place, parameters, access }: Position,
    limit: number,
    from: 'primary' | 'replica' = 'replica',
  ): Promise<Page<LeaderboardEntryDto>> {
    const ranked = buildAgentCondition(access, 2 + parameters.length);
    const query = (session: Session) =>
      session.query<LeaderboardEntryDto[]>(buildPage(place, ranked.sql), [
        limit + 1,
        ...parameters,
        ...ranked.parameters,
      ]);
    const rows = await (from === 'primary' ? this.transactions.read(query) : this.transactions.readReplica(query));
    return toPage(rows, limit, (entry) => [entry.learning_score, entry.custody_xp, entry.win_rate, entry.agent_type]);
  }
}
