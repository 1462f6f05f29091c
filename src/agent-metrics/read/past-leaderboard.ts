import { Injectable } from '@nestjs/common';
import { type AgentAccess, pick, validationFailed } from '../../common/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { buildAgentCondition } from '../../database/values/index.js';
import type { AgentState } from '../../progression/index.js';
import type { LeaderboardEntryDto } from '../api/dto/leaderboard-entry.dto.js';
import type { LeaderboardStart } from './leaderboard-statements.js';
import { PastAgents } from './past-agents.js';
import { buildPastPage } from './past-statements.js';

/** Maximum number of entries on a page: each is folded from the ledger. */
export const PAST_LIMIT = 100;

/** An agent and its place, at a moment in the past. */
type Place = Pick<LeaderboardEntryDto, 'rank' | 'agent_type' | 'win_rate'> & { version: number };

/** Columns of an agent in an entry. */
const COLUMNS = [
  'level',
  'learning_score',
  'custody_xp',
  'adversarial_wins',
  'pass_rate',
  'xp',
  'consecutive_successes',
  'consecutive_failures',
  'last_test_date',
  'status',
] as const satisfies (keyof AgentState)[];

/** Leaderboard of the agents as they were known at a time, from the ledger. */
@Injectable()
export class PastLeaderboard {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly agents: PastAgents,
  ) {}

  /**
   * Reads entries, and one more than the limit to find out whether there is a next page. The cost grows with the number of
   * agents and with the logarithm of the number of their events.
   *
   * @param place parameters of the start, see `buildPastPage`
   */
  async read(
    time: Date,
    start: LeaderboardStart,
    limit: number,
    place: readonly (string | number)[],
    { access, include_inactive }: { access: AgentAccess; include_inactive: boolean },
  ): Promise<LeaderboardEntryDto[]> {
    this.agents.assertPast(time);
    if (limit > PAST_LIMIT) {
      throw validationFailed([{ field: 'limit', detail: `must be at most ${PAST_LIMIT} together with as_of` }]);
    }
    const parameters = [limit + 1, time, ...place];
    return this.transactions.readReplica(async (session) => {
      const conditions = ['agent_type', 'name'].map((column) =>
        buildAgentCondition(access, parameters.length + 1, column),
      );
      const [ofAgents, ofMerged] = conditions.map(({ sql }) => sql);
      const statement = buildPastPage(start, ofAgents ?? '', ofMerged ?? '', include_inactive);
      const places = await session.query<Place[]>(statement, [...parameters, ...(conditions[0]?.parameters ?? [])]);
      return this.toEntries(session, places);
    });
  }

  private async toEntries(session: Session, places: readonly Place[]): Promise<LeaderboardEntryDto[]> {
    const versions = new Map(places.map(({ agent_type, version }) => [agent_type, version]));
    const states = await this.agents.list(session, versions);
    return places.flatMap(({ rank, agent_type, win_rate }) => {
      const state = states.get(agent_type);
      if (!state) return [];
      const { level, learning_score, custody_xp, ...others } = pick(state, COLUMNS);
      const recent_score = getRecentScore(state);
      const total_tests = state.total_tests_given;
      return [
        {
          rank,
          agent_type,
          ai_type: agent_type,
          level,
          learning_score,
          custody_xp,
          win_rate,
          recent_score,
          total_tests,
          ...others,
        },
      ];
    });
  }
}

/** Score of the newest entry of the history, as in the leaderboard of the present. */
function getRecentScore({ test_history }: AgentState): number {
  const score = test_history.at(-1)?.['score'];
  return typeof score === 'number' && score >= 0 && score <= 100 ? score : 0;
}
