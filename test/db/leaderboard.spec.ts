import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentAccess } from '../../src/common/agent-access.js';
import type { LeaderboardEntryDto } from '../../src/agent-metrics/api/dto/leaderboard-entry.dto.js';
import type { LeaderboardRequest } from '../../src/agent-metrics/requests/leaderboard-query.dto.js';
import { startTestService, type TestService } from '../support/test-service.js';

const AGENTS = 40;
const RUNS = 30;

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

/** Few values, so that there are ties of every kind. */
const numbers = fc
  .record({
    learning_score: fc.constantFrom(0, 0.1, 12.5, 12.500000000000002, 1e9),
    custody_xp: fc.constantFrom(0, 1, 2_147_483_647),
    total_tests_passed: fc.constantFrom(0, 3, 7),
    adversarial_wins: fc.constantFrom(0, 1, 3),
  })
  // No more wins than tests.
  .map((row) => ({ ...row, adversarial_wins: Math.min(row.adversarial_wins, row.total_tests_passed) }));

/** By the rule, written once more. */
function better(one: LeaderboardEntryDto, other: LeaderboardEntryDto): number {
  return (
    other.learning_score - one.learning_score ||
    other.custody_xp - one.custody_xp ||
    other.win_rate - one.win_rate ||
    (one.agent_type < other.agent_type ? -1 : 1)
  );
}

/** Ranks by the rule: one more than the number of agents with better scores. */
const ranksOf = (ranking: LeaderboardEntryDto[]): number[] => {
  const scores = ({ learning_score, custody_xp, win_rate }: LeaderboardEntryDto) =>
    JSON.stringify([learning_score, custody_xp, win_rate]);
  return ranking.map((entry) => ranking.findIndex((other) => scores(other) === scores(entry)) + 1);
};

async function allPages(
  limit: number,
  request: LeaderboardRequest = {},
  access = AgentAccess.ALL,
): Promise<LeaderboardEntryDto[]> {
  const entries: LeaderboardEntryDto[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor } = await test.custody.getLeaderboard({ ...request, limit, cursor }, access);
    entries.push(...items);
    if (next_cursor === null) return entries;
    cursor = next_cursor;
  }
}

/** Checks that a limited caller gets its agents of the ranking, ranked among these. */
async function expectRanksAmong(
  access: AgentAccess,
  ranking: LeaderboardEntryDto[],
  limit: number,
  include_inactive: boolean,
): Promise<void> {
  const visible = ranking.filter(({ agent_type }) => access.mayAccess(agent_type));
  const ranks = ranksOf(visible);
  const expected = visible.map((entry, index) => Object.assign({}, entry, { rank: ranks[index] }));
  expect(await allPages(limit, { include_inactive }, access)).toEqual(expected);
  const middle = Math.floor(visible.length / 2);
  const request = { around: visible[middle]?.agent_type, limit, include_inactive };
  const { items } = await test.custody.getLeaderboard(request, access);
  const first = Math.max(0, middle - Math.floor((limit - 1) / 2));
  expect(items).toEqual(expected.slice(first, first + limit));
}

describe('the leaderboard', () => {
  it('ranks any agents by the rule, on pages of any size and around any agent', async () => {
    const agents = fc.array(numbers, { minLength: AGENTS, maxLength: AGENTS });
    await fc.assert(
      fc.asyncProperty(agents, fc.integer({ min: 1, max: AGENTS + 10 }), async (rows, limit) => {
        const updates = rows.map((row, index) => [
          `${index % 2 === 0 ? 'a' : 'B'}-${index}`,
          { ...row, total_tests_given: row.total_tests_passed, is_active: (index + limit) % 5 > 0 },
        ]);
        await test.service.bulkUpdateMetrics(Object.fromEntries(updates) as Record<string, object>);

        const inactive = updates.filter((_, index) => (index + limit) % 5 === 0).map(([agentType]) => agentType);
        const everyone = await allPages(1_000, { include_inactive: true });
        for (const include_inactive of [true, false]) {
          const ranking = await allPages(1_000, { include_inactive });
          expect(ranking.map(({ agent_type }) => agent_type)).toEqual(
            everyone.flatMap(({ agent_type }) =>
              include_inactive || !inactive.includes(agent_type) ? [agent_type] : [],
            ),
          );
          expect(ranking).toEqual([...ranking].sort(better));
          expect(ranking.map(({ rank }) => rank)).toEqual(ranksOf(ranking));
          expect(await allPages(limit, { include_inactive })).toEqual(ranking);
          for (const [index, { agent_type: around }] of ranking.slice(0, 5).entries()) {
            const { items } = await test.custody.getLeaderboard({ around, limit, include_inactive });
            const first = Math.max(0, index - Math.floor((limit - 1) / 2));
            expect(items).toEqual(ranking.slice(first, first + limit));
          }
          await expectRanksAmong(AgentAccess.of(['B-*', 'a-0', 'a-10']), ranking, limit, include_inactive);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('has each agent once, in order and rank, while others write', async () => {
    const agentTypes = (await allPages(1_000)).map(({ agent_type }) => agent_type);
    let writing = true;
    const writers = agentTypes.slice(0, 8).map(async (agentType, index) => {
      for (let score = index; writing; score = (score + 37) % 101) {
        await test.service.updateLearningMetrics(agentType, { learning_score: score });
      }
    });
    try {
      for (let reads = 0; reads < 60; reads++) {
        const { items } = await test.custody.getLeaderboard();
        expect(items.map(({ agent_type }) => agent_type).sort()).toEqual([...agentTypes].sort());
        expect(items).toEqual([...items].sort(better));
        expect(items.map(({ rank }) => rank)).toEqual(ranksOf(items));

        const around = agentTypes[reads % agentTypes.length] ?? '';
        const { items: neighbours } = await test.custody.getLeaderboard({ around });
        expect(neighbours.map(({ agent_type }) => agent_type)).toContain(around);
        expect(neighbours).toEqual([...neighbours].sort(better));
      }
    } finally {
      writing = false;
      await Promise.all(writers);
    }
  });
});
