import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import {
  AGENTS,
  agentPath,
  ANALYTICS,
  CUSTODY,
  custodyPath,
  EXPORT,
  LEADERBOARD,
  STANDINGS,
} from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { ALPHA, ALPHA_TWO, asText, BRAVO, expectNothingOfBravo, LimitedKey } from './limited-key.js';
import { EVIDENCE } from './limited-routes.js';

const key = new LimitedKey();
let app: TestApp;
beforeAll(async () => {
  await key.start();
  await key.fillBravo();
  // Equal agents share a rank.
  await key.fill(ALPHA_TWO, { learning_score: 6 });
  ({ app } = key);
});
afterAll(() => key.close());
const { asLimited, asAdmin } = key;

describe('a key that is limited to some agents', () => {
  it('sees totals, pages and ranks of its agents only', async () => {
    const overview = (await asLimited('GET', `${AGENTS}?limit=1`)).body as Record<string, unknown>;
    expect(overview).toMatchObject({ total_agents: 2, agents: [ALPHA] });
    const rest = await asLimited('GET', `${AGENTS}?limit=1&cursor=${String(overview['next_cursor'])}`);
    expect(rest.body).toMatchObject({ agents: [ALPHA_TWO] });
    expect(rest.body).not.toHaveProperty('next_cursor');

    const ranks = async (headers: Record<string, string>, query = ''): Promise<unknown> => {
      const { body } = await app.send('GET', LEADERBOARD + query, undefined, headers);
      const { leaderboard } = body as { leaderboard: { rank: number; agent_type: string }[] };
      return leaderboard.map(({ rank, agent_type }) => [rank, agent_type]);
    };
    expect(await ranks(key.admin, '?limit=1')).toEqual([[1, BRAVO]]);
    const both = (await ranks(key.limited)) as [number, string][];
    expect(both.map(([rank]) => rank)).toEqual([1, 2]);
    expect(both.map(([, agentType]) => agentType).sort()).toEqual([ALPHA, ALPHA_TWO]);
    expect(await ranks(key.limited, `?around=${both[1]?.[1] ?? ''}`)).toEqual(both);
    expect(await ranks(key.admin, '?period=week&limit=1')).toEqual([[1, BRAVO]]);
    const ofWeek = (await ranks(key.limited, '?period=week')) as [number, string][];
    expect(ofWeek.map(([, agentType]) => agentType).sort()).toEqual([ALPHA, ALPHA_TWO]);
    expect(ofWeek[0]?.[0]).toBe(1);
    expect(await ranks(key.limited, '?period=week&include_inactive=true')).toEqual(ofWeek);

    const { analytics } = (await asLimited('GET', ANALYTICS)).body as { analytics: Record<string, unknown> };
    const [sums] = await app.database.query(
      `SELECT count(*)::integer AS total_agents, sum(total_tests_given)::integer AS total_tests_given,
              sum(xp)::integer AS total_xp, avg(level)::float8 AS average_level
         FROM agent_metrics WHERE agent_type IN ('alpha', 'alpha.two')`,
    );
    expect(analytics).toMatchObject({ ...sums });
    const [tests] = await app.database.query(
      `SELECT count(*)::integer AS tests FROM agent_events
        WHERE agent_type IN ('alpha', 'alpha.two') AND type IN ('custody_test', 'adversarial_test')`,
    );
    expect(analytics['test_performance']).toMatchObject({ ...tests });
  });

  it('sees the same sums as an unlimited key, if it is limited to all agents that exist', async () => {
    const everything = bearer(
      await createKey(app, {
        name: 'everything',
        agents: ['a*', 'b*', 'g*', 'i*', 's*', 'c*'],
      }),
    );
    await sleep(KEY_PROPAGATION_MS);
    const paths = [
      AGENTS,
      LEADERBOARD,
      `${LEADERBOARD}?period=month&include_inactive=true`,
      ANALYTICS,
      `${ANALYTICS}?run_id=${EVIDENCE.run_id}`,
      `${ANALYTICS}?category=reasoning`,
      `${AGENTS}/trends`,
      `${AGENTS}/trends?run_id=${EVIDENCE.run_id}`,
      STANDINGS,
      CUSTODY,
      `${CUSTODY}/recent-tests`,
      `${EXPORT}?of=events`,
    ];
    for (const path of paths) {
      const send = async (headers: Record<string, string>) => asText(await app.send('GET', path, undefined, headers));
      expect([path, await send(everything)]).toEqual([path, await send(key.admin)]);
    }
  });

  it('administers tests to those of the default agents that it may access', async () => {
    const guardian = bearer(await createKey(app, { name: 'guardian', scope: 'write', agents: ['guardian'] }));
    await sleep(KEY_PROPAGATION_MS);
    key.evaluator.requests.length = 0;
    const answer = await app.send('POST', `${CUSTODY}/batch-test`, undefined, guardian);
    expect(answer.status).toBe(200);
    expect(key.evaluator.requests.map(({ body }) => body['agent_type'])).toEqual(['guardian']);
    expect(JSON.stringify(answer.body)).not.toMatch(/imperium|sandbox|conquest/);
  });

  it('sees nothing if none of its agents exists', async () => {
    const nobody = bearer(await createKey(app, { name: 'nobody', agents: ['zulu/*', 'zulu'] }));
    await sleep(KEY_PROPAGATION_MS);
    const get = async (path: string): Promise<unknown> => (await app.send('GET', path, undefined, nobody)).body;
    expect(await get(AGENTS)).toMatchObject({ total_agents: 0, agents: [] });
    expect(await get(LEADERBOARD)).toMatchObject({ leaderboard: [], next_cursor: null });
    expect(await get(`${LEADERBOARD}?period=week`)).toMatchObject({ leaderboard: [], next_cursor: null });
    for (const filter of ['run_id=shared-run', 'category=reasoning']) {
      expect(await get(`${ANALYTICS}?${filter}`)).toMatchObject({ analytics: { test_performance: { tests: 0 } } });
    }
    expect(await get(ANALYTICS)).toMatchObject({ analytics: { total_agents: 0, test_performance: { tests: 0 } } });
    expectProblem(await app.send('GET', custodyPath(ALPHA), undefined, nobody), 'agent_forbidden', custodyPath(ALPHA));
    const created = await app.send('PUT', agentPath('zulu'), { xp: 1 }, nobody);
    expect(created.status).toBe(201);
  });

  it('does not share reads with other keys that run at the same time', async () => {
    const paths = [AGENTS, LEADERBOARD, ANALYTICS, agentPath(BRAVO), agentPath(ALPHA), custodyPath(BRAVO)];
    const rounds = Array.from({ length: 10 }, () => paths).flat();
    const answers = await Promise.all(
      rounds.flatMap((path) => [asAdmin('GET', path), asLimited('GET', path).then((answer) => ({ path, answer }))]),
    );
    for (const found of answers) if ('answer' in found) expectNothingOfBravo(found.answer, found.path);
  });

  it('matches agents below a prefix with a slash, which is percent-encoded in paths', async () => {
    // Existing agents keep any name.
    await app.database.query("UPDATE agent_metrics SET agent_type = 'team-a/x' WHERE agent_type = 'sandbox'");
    await app.database.query("UPDATE agent_metrics SET agent_type = 'team-a' WHERE agent_type = 'conquest'");
    const below = bearer(await createKey(app, { name: 'below', scope: 'read', agents: ['team-a/*'] }));
    const above = bearer(await createKey(app, { name: 'above', scope: 'read', agents: ['team-a'] }));
    await sleep(KEY_PROPAGATION_MS);
    const statuses = async (headers: Record<string, string>): Promise<number[]> => {
      const names = [
        'team-a%2Fx',
        'team-a%2fx',
        'team%2Da%2F%78',
        'team-a',
        'team-a%252Fx',
        'team-a%2F',
        'team-a/custody',
      ];
      const answers = names.map((name) => app.send('GET', `${AGENTS}/${name}`, undefined, headers));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    expect(await statuses(below)).toEqual([200, 200, 200, 403, 403, 404, 403]);
    expect(await statuses(above)).toEqual([403, 403, 403, 200, 403, 403, 200]);
    const listed = [below, above].map((headers) => app.send('GET', AGENTS, undefined, headers));
    expect((await Promise.all(listed)).map(({ body }) => (body as { agents: unknown }).agents)).toEqual([
      ['team-a/x'],
      ['team-a'],
    ]);
  });

  it('keeps its agents when it is rotated', async () => {
    const keys = app.app.get(ApiKeys, { strict: false });
    const rotated = await keys.rotate('team-alpha', 0, null);
    expect(rotated.agents).toEqual([ALPHA, `${ALPHA}.*`]);
    await sleep(KEY_PROPAGATION_MS);
    key.limited = bearer(rotated.key);
    expect((await asLimited('GET', agentPath(ALPHA))).status).toBe(200);
    expect((await asLimited('GET', agentPath(BRAVO))).status).toBe(403);
  });
});
