import { Injectable } from '@nestjs/common';
import {
  AgentAccess,
  agentNotFound,
  Clock,
  type Page,
  PAGE_LIMIT,
  ThrowsDomainErrors,
  toPage,
  validationFailed,
} from '../../common/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { buildAgentCondition, type LimitedAgents, listAgentTypes } from '../../database/values/index.js';
import type { LeaderboardEntryDto } from '../api/dto/leaderboard-entry.dto.js';
import {
  LeaderboardArgument,
  type LeaderboardPeriod,
  type LeaderboardRequest,
} from '../requests/leaderboard-query.dto.js';
import { decodeLeaderboardCursor, type LeaderboardScope, toScopeKey } from './leaderboard-cursor.js';
import { computeRange, type LeaderboardRange, toEndHour, toRange } from './leaderboard-range.js';
import { buildAllTimePage, type LeaderboardStart } from './leaderboard-statements.js';
import { PAST_LIMIT, PastLeaderboard } from './past-leaderboard.js';
import { buildPeriodPage } from './period-statements.js';

/** Default number of entries on a page around an agent. */
export const NEIGHBOURHOOD = 11;

const IS_ACTIVE = 'SELECT is_active FROM agent_metrics WHERE agent_type = $1';

/** Page of the leaderboard. */
export interface LeaderboardPage extends Page<LeaderboardEntryDto> {
  period: LeaderboardPeriod;
  /** Start of the first hour of the period; null for `all`. */
  from: Date | null;
  /** End of the last hour of the period; null for `all`. */
  to: Date | null;
}

/** A leaderboard, the hours of its period, and the agents among which it ranks. */
interface Ranking extends LeaderboardScope {
  range: LeaderboardRange | null;
  /** Time of the metrics; null: now. */
  asOf: Date | null;
  access: AgentAccess;
}

/**
 * Leaderboard. Agents with equal scores share a rank (1, 1, 3), and are listed by agent type. Inactive agents are ranked
 * only on request.
 *
 * `period: 'all'` ranks all agents by learning score, custody XP and win rate, all descending. Pages are read by index; the
 * cost of ranks grows with the number of preceding agents, which are counted in the index.
 *
 * The other periods rank the agents that earned XP or were tested in the period by XP and custody XP earned, then by tests
 * passed, both descending. They are read from the rollups; the cost grows with the number of agents and hours in the period.
 * The following pages are of the same hours as the first.
 *
 * Throws DomainError only.
 */
@Injectable()
@ThrowsDomainErrors()
export class LeaderboardQueries {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly past: PastLeaderboard,
  ) {}

  /**
   * Reads a page from the top, after a cursor, or around an agent. The agent is in the middle of the page, except near
   * the top (the page starts at the first entry) and near the end (the page is shorter).
   *
   * @param access agents that are ranked; ranks count these agents only. Default: all
   * @throws DomainError `validation_failed` if the request is invalid, the cursor belongs to another period or
   *   `include_inactive`, or the agent is not ranked; `agent_forbidden` if `access` does not include the agent;
   *   `agent_not_found` if the agent does not exist
   */
  async page(request: LeaderboardRequest = {}, access = AgentAccess.ALL): Promise<LeaderboardPage> {
    AgentAccess.assert(access);
    const parsed = parseArgument(request, LeaderboardArgument);
    const { limit, cursor, around, period = 'all', include_inactive = false, as_of: asOf = null } = parsed;
    const range = period === 'all' ? null : computeRange(period, this.clock.now());
    const ranking: Ranking = { period, include_inactive, range, asOf, access };
    if (around !== undefined) return this.pageAround(ranking, around, limit ?? NEIGHBOURHOOD);
    const size = limit ?? (asOf ? PAST_LIMIT : PAGE_LIMIT);
    if (cursor === undefined) return this.read(ranking, 'top', size, []);
    const keys = decodeLeaderboardCursor(cursor, ranking);
    if (period === 'all') return this.read(ranking, 'after', size, keys);
    const [endHour, ...place] = keys;
    return this.read({ ...ranking, range: toRange(period, Number(endHour)) }, 'after', size, place);
  }

  private async pageAround(ranking: Ranking, agentType: string, limit: number): Promise<LeaderboardPage> {
    ranking.access.assertMayAccess(agentType);
    const place = [agentType, Math.floor((limit - 1) / 2)];
    const entries = await this.read(ranking, 'around', limit, place);
    if (entries.items.length > 0) return entries;
    // A replica may lag behind.
    const newest = await this.read(ranking, 'around', limit, place, 'primary');
    if (newest.items.length === 0) throw await this.explainAbsence(ranking, agentType);
    return newest;
  }

  private async explainAbsence({ include_inactive, asOf }: Ranking, agentType: string): Promise<Error> {
    const [agent] = await this.transactions.read((session) =>
      session.query<{ is_active: boolean }[]>(IS_ACTIVE, [agentType]),
    );
    if (!agent) return agentNotFound(agentType);
    if (asOf) {
      return validationFailed([
        { field: 'around', detail: 'is an agent that did not exist or was inactive at the time as_of' },
      ]);
    }
    const detail =
      agent.is_active || include_inactive
        ? 'is an agent that earned no XP and had no test in the period'
        : 'is an inactive agent; inactive agents are ranked with include_inactive=true';
    return validationFailed([{ field: 'around', detail }]);
  }

  private async read(
    ranking: Ranking,
    start: LeaderboardStart,
    limit: number,
    place: readonly (string | number)[],
    from: 'primary' | 'replica' = 'replica',
  ): Promise<LeaderboardPage> {
    const { range, asOf, period, include_inactive } = ranking;
    const rows = asOf
      ? await this.past.read(asOf, start, limit, place, ranking)
      : await this.readPresent(ranking, start, limit, place, from);
    const page = toPage(rows, limit, ({ agent_type, earned, ...row }) => [
      toScopeKey({ period, include_inactive }),
      ...(range && earned
        ? [toEndHour(range), earned.xp + earned.custody_xp, earned.passed]
        : [row.learning_score, row.custody_xp, row.win_rate]),
      agent_type,
    ]);
    return { ...page, period, from: range?.from ?? null, to: range?.to ?? null };
  }

  private async readPresent(
    { range, access, include_inactive }: Ranking,
    start: LeaderboardStart,
    limit: number,
    place: readonly (string | number)[],
    from: 'primary' | 'replica',
  ): Promise<LeaderboardEntryDto[]> {
    const parameters = [limit + 1, ...(range ? [range.from, range.to] : []), ...place];
    const query = async (session: Session): Promise<LeaderboardEntryDto[]> => {
      const ranked = buildAgentCondition(range ? await listAgents(session, access) : access, parameters.length + 1);
      const condition = include_inactive ? ranked.sql : `is_active AND ${ranked.sql}`;
      const statement = (range ? buildPeriodPage : buildAllTimePage)(start, condition);
      return session.query(statement, [...parameters, ...ranked.parameters]);
    };
    return from === 'primary' ? this.transactions.read(query) : this.transactions.readReplica(query);
  }
}

/** The same agents by their types, for conditions on the rollups. */
async function listAgents(session: Session, access: AgentAccess): Promise<LimitedAgents> {
  if (!access.isLimited) return access;
  return { isLimited: true, agentTypes: await listAgentTypes(session, access), prefixes: [] };
}
