import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { startEvaluator, type TestEvaluator } from '../../support/evaluator.js';
import { type Answer, startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import {
  AGENTS,
  agentPath,
  ANALYTICS,
  BULK_UPDATE,
  CUSTODY,
  custodyPath,
  EXPORT,
  LEADERBOARD,
  STANDINGS,
} from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';
import {
  BODIES,
  EVIDENCE,
  ENDS_NAME,
  listOperations,
  listQueryParameters,
  type Operation,
  pathFor,
  QUERIES,
  WITHOUT_AGENT,
} from './limited-routes.js';

/** A route that does not declare its agents. */
@Controller('api/undeclared')
class UndeclaredController {
  @Get()
  list(): object {
    return { agents: [BRAVO] };
  }
}
@Module({ controllers: [UndeclaredController] })
class UndeclaredModule {}

/** Agents of the limited key, and one that it must not see. */
const [ALPHA, ALPHA_TWO, BRAVO] = ['alpha', 'alpha.two', 'bravo-7f3a'] as const;
const MISSING = 'bravo-missing';
/** Query parameters whose values are not agent types. */
const WITHOUT_AGENT_TYPE = [
  'as_of',
  ...['limit', 'cursor', 'of', 'format', 'raw', 'bucket', 'from', 'to', 'test_category', 'category', 'atomic'],
  ...['run_id', 'agent_version', 'environment', 'source', 'model', 'by', 'baseline'],
  ...['period', 'include_inactive', 'type', 'outcome', 'order', 'after'],
  ...['run', 'scorer', 'metric', 'junit_errors', 'pass_mark', 'file', 'dry_run'],
];
/** Values that only agents whose names begin with `bravo` have. */
const MARKS = [
  BRAVO,
  'bravo',
  'marked-pattern',
  'marked-suggestion',
  'marked-config',
  'marked-run',
  'marked_category',
  '73131313',
];

let evaluator: TestEvaluator;
let app: TestApp;
let operations: Operation[];
let admin: Record<string, string>;
let limited: Record<string, string>;
beforeAll(async () => {
  evaluator = await startEvaluator();
  app = await startTestApp({ CUSTODY_EVALUATOR_URL: evaluator.url, CONNECTION_POOL_SIZE: '4' });
  operations = listOperations(app.app);
  admin = bearer(await createKey(app, { name: 'all' }));
  limited = bearer(await createKey(app, { name: 'team-alpha', agents: [ALPHA, `${ALPHA}.*`] }));
  await sleep(KEY_PROPAGATION_MS);
  for (const agentType of [ALPHA, ALPHA_TWO]) await fill(agentType, {});
});
afterAll(async () => {
  await app.close();
  await evaluator.close();
});

const asLimited = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.send(method, path, body, { ...limited, ...headers });
const asAdmin = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await app.send(method, path, body, { ...admin, ...headers });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
};

const CUSTODY_TEST = { passed: true, score: 90, duration: 2, category: 'reasoning', evidence: EVIDENCE };

/** Records all kinds of data of an agent. */
async function fill(agentType: string, update: object): Promise<void> {
  await asAdmin('PUT', agentPath(agentType), { learning_score: 5, ...update });
  await asAdmin('POST', agentPath(agentType, 'custody-test'), CUSTODY_TEST);
  await asAdmin('POST', agentPath(agentType, 'adversarial-test'), { score: 80, is_winner: true });
}

const fillBravo = async (): Promise<void> => {
  await fill(BRAVO, { learning_score: 99, xp: 73_131_313, config: { note: 'marked-config' } });
  await asAdmin('POST', agentPath(BRAVO, 'learning'), {
    learning_patterns: ['marked-pattern'],
    improvement_suggestions: ['marked-suggestion'],
  });
  await asAdmin('POST', agentPath(BRAVO, 'custody-test'), {
    ...CUSTODY_TEST,
    category: 'marked_category',
    evidence: { ...EVIDENCE, run_id: 'marked-run' },
  });
  await asAdmin('POST', agentPath(BRAVO, 'custody-xp'), { amount: 5_000 });
  // Ranked only with the inactive agents.
  await fill('bravo-inactive', { learning_score: 98 });
  await asAdmin('PUT', agentPath('bravo-inactive'), { is_active: false });
};

const stateOf = async (agentType: string): Promise<unknown> => [
  await app.database.query('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]),
  await app.database.query('SELECT * FROM agent_events WHERE agent_type = $1 ORDER BY version', [agentType]),
];

const VARYING_HEADERS = ['date', 'x-request-id', 'content-length'];

/** The whole response as text, without the parts that change with time. */
function asText({ status, headers, body }: Answer): string {
  const named = [...headers].filter(([name]) => !VARYING_HEADERS.includes(name));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `${status} ${JSON.stringify(named)} ${text}`
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, 'TIME')
    .replaceAll(/"(actual|hours_since_last_test|seconds_\w+)":[\d.]+/g, '"$1":N');
}

function expectNothingOfBravo(answer: Answer, path = ''): void {
  const text = asText(answer).replaceAll(JSON.stringify(path.split('?', 1)[0]), '');
  expect(MARKS.filter((mark) => text.includes(mark))).toEqual([]);
}

/** Responses of all reads of the limited key that are not refused. */
async function readAll(): Promise<Record<string, string>> {
  const responses: Record<string, string> = {};
  for (const operation of operations.filter(({ method }) => method === 'GET')) {
    const { query = QUERIES[operation.name] ?? [''], refused, stream } = WITHOUT_AGENT[operation.name] ?? {};
    if (refused || stream) continue;
    for (const suffix of query) {
      for (const agentType of operation.ofAgent ? [ALPHA, ALPHA_TWO] : ['']) {
        const path = pathFor(operation, agentType) + suffix;
        const answer = await asLimited('GET', path);
        expect([path, answer.status]).toEqual([path, 200]);
        responses[path] = asText(answer);
      }
    }
  }
  return responses;
}

describe('the walk', () => {
  it('knows every operation', () => {
    const known = operations.filter(({ name, ofAgent }) => ofAgent || name in WITHOUT_AGENT);
    expect(operations.filter((operation) => !known.includes(operation)).map(({ name }) => name)).toEqual([]);
    const withBody = operations.filter(({ ofAgent, name }) => ofAgent && name in BODIES);
    expect(withBody).toHaveLength(Object.keys(BODIES).length);
    expect(operations.filter(({ name }) => name in WITHOUT_AGENT)).toHaveLength(Object.keys(WITHOUT_AGENT).length);
    expect(operations.filter(({ name }) => name in QUERIES)).toHaveLength(Object.keys(QUERIES).length);
  });

  it('knows every query parameter that names an agent', () => {
    const others = listQueryParameters().filter((name) => !WITHOUT_AGENT_TYPE.includes(name));
    // With an agent of an ingest that is not the key's, its cases are refused: ingest/upload.spec.ts.
    expect(others.sort()).toEqual(['agent', 'agent_type', 'around']);
  });
});

describe('a key that is limited to some agents', () => {
  it('is refused by a route that does not declare its agents', async () => {
    const other = await startTestApp({}, undefined, [UndeclaredModule]);
    const key = await createKey(other, { name: 'limited', agents: [ALPHA] });
    const answer = await other.send('GET', '/api/undeclared', undefined, bearer(key));
    await other.close();
    expectProblem(answer, 'agent_forbidden', '/api/undeclared');
  });

  it('reads the same, whether or not other agents exist', async () => {
    const before = await readAll();
    expect(Object.keys(before).length).toBeGreaterThan(100);
    await fillBravo();
    const after = await readAll();
    for (const [path, text] of Object.entries(after)) {
      expect([path, text]).toEqual([path, before[path]]);
      expect([path, MARKS.filter((mark) => text.includes(mark))]).toEqual([path, []]);
    }
  });

  it('can use every operation for its agents', async () => {
    const ending = ({ name }: Operation) => !ENDS_NAME.includes(name) && !WITHOUT_AGENT[name]?.stream;
    for (const operation of operations.filter(ending)) {
      const {
        refused,
        body = BODIES[operation.name],
        query = QUERIES[operation.name] ?? [''],
      } = WITHOUT_AGENT[operation.name] ?? {};
      const path = pathFor(operation, ALPHA) + (query[0] ?? '');
      const answer = await asLimited(operation.method, path, body);
      expect([operation.name, answer.status]).toEqual([operation.name, refused ? 403 : 200]);
      if (refused) expectProblem(answer, 'agent_forbidden', path);
      expectNothingOfBravo(answer, path);
    }
  });

  it('is refused for other agents by every operation, whether or not they exist', async () => {
    const before = [await stateOf(BRAVO), await stateOf(MISSING)];
    for (const operation of operations.filter(({ ofAgent }) => ofAgent)) {
      const methods = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method];
      for (const method of methods) {
        const [existing, missing] = [BRAVO, MISSING].map((agentType) => pathFor(operation, agentType));
        const headers = { 'if-none-match': '*' };
        const answers = [
          await asLimited(method, existing ?? '', BODIES[operation.name]),
          await asLimited(method, missing ?? '', BODIES[operation.name]),
          await asLimited(method, existing ?? '', BODIES[operation.name], headers),
        ];
        for (const [index, answer] of answers.entries()) {
          expect([operation.name, method, answer.status]).toEqual([operation.name, method, 403]);
          const path = (index === 1 ? missing : existing) ?? '';
          if (method !== 'HEAD') expectProblem(answer, 'agent_forbidden', path);
          expect(answer.headers.get('etag')).toBeNull();
          expectNothingOfBravo(answer, path);
        }
        const [one, other] = answers.map((answer) => asText(answer).replaceAll(/bravo-\w+/g, 'BRAVO'));
        expect(one).toBe(other);
      }
    }
    expect([await stateOf(BRAVO), await stateOf(MISSING)]).toEqual(before);
  });

  it.each([
    ['percent-encoded letters', `${AGENTS}/%62%72avo-7f3a`],
    ['an encoded hyphen', `${AGENTS}/bravo%2D7f3a`],
    ['a trailing slash', `${AGENTS}/${BRAVO}/`],
    ['the path of the old backend', `/agent-metrics/${BRAVO}`],
    ['the path of the old backend, custody', `/custody/test/${BRAVO}/status`],
    ['a query', `${AGENTS}/${BRAVO}?agent_type=${ALPHA}`],
    ['an encoded slash', `${AGENTS}/${ALPHA}%2F..%2F${BRAVO}`],
    ['a fragment of its own prefix', `${AGENTS}/alph`],
    ['a longer name', `${AGENTS}/alphabet`],
    ['another case', `${AGENTS}/ALPHA`],
    ['a dot segment', `${AGENTS}/${ALPHA}/../${BRAVO}`],
    ['an absolute URL', `http://service${AGENTS}/${BRAVO}`],
  ])('is refused for another agent with %s', async (_, path) => {
    const headers = `Host: service\r\nAuthorization: ${limited['authorization'] ?? ''}\r\nConnection: close`;
    const response = await sendRaw(app.url, `GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`);
    expect([403, 404]).toContain(response?.status);
    expect(response?.body).toMatch(/"code":"(agent_forbidden|route_not_found)"/);
    expect(JSON.stringify(response)).not.toMatch(/marked|73131313/);
  });

  it('is refused for an unsupported method of another agent, and told the methods of its own', async () => {
    expect((await asLimited('PATCH', agentPath(BRAVO))).status).toBe(403);
    expect((await asLimited('PATCH', agentPath(ALPHA))).status).toBe(405);
    expect((await asLimited('PATCH', AGENTS)).status).toBe(405);
    expect((await asLimited('GET', '/nowhere')).status).toBe(404);
  });

  it('cannot find out the version of another agent, or replay its requests', async () => {
    const etag = (await asAdmin('GET', agentPath(BRAVO))).headers.get('etag') ?? '';
    const conditional = await asLimited('GET', agentPath(BRAVO), undefined, { 'if-none-match': etag });
    expectProblem(conditional, 'agent_forbidden', agentPath(BRAVO));
    const test = agentPath(BRAVO, 'custody-test');
    const body = { passed: true, score: 95, duration: 1 };
    await asAdmin('POST', test, body, { 'idempotency-key': 'run-1' });
    const before = await stateOf(BRAVO);
    for (const headers of [{ 'idempotency-key': 'run-1' }, { 'if-match': '"1"' }, { 'if-match': '*' }]) {
      expectProblem(await asLimited('POST', test, body, headers), 'agent_forbidden', test);
      expectProblem(await asLimited('POST', test, { wrong: true }, headers), 'agent_forbidden', test);
      expectProblem(await asLimited('POST', test, '{', headers), 'agent_forbidden', test);
    }
    expect(await stateOf(BRAVO)).toEqual(before);
  });

  it('cannot name another agent in a query', async () => {
    for (const agentType of [BRAVO, MISSING]) {
      const exported = ['agents', 'events'].map((of) => `${EXPORT}?of=${of}&agent_type=${agentType}`);
      const around = ['', '&period=week', '&include_inactive=true'].map((more) => `?around=${agentType}${more}`);
      for (const path of [...around.map((query) => LEADERBOARD + query), ...exported]) {
        const answer = await asLimited('GET', path);
        expectProblem(answer, 'agent_forbidden', path);
        expect((await asLimited('HEAD', path)).status).toBe(403);
      }
    }
  });

  it('cannot update another agent in bulk, and then updates none', async () => {
    const before = [await stateOf(ALPHA), await stateOf(BRAVO)];
    for (const agentType of [BRAVO, MISSING]) {
      const updates = { [ALPHA]: { priority: 'low' }, [agentType]: { priority: 'low' } };
      const answer = await asLimited('POST', BULK_UPDATE, { updates });
      expectProblem(answer, 'agent_forbidden', BULK_UPDATE);
      expectNothingOfBravo(answer);
    }
    expect([await stateOf(ALPHA), await stateOf(BRAVO)]).toEqual(before);
  });

  it('gets no other agents by cursors of an unlimited key', async () => {
    const paths = [AGENTS, LEADERBOARD, STANDINGS, `${CUSTODY}/leaderboard`, `${CUSTODY}/analytics`];
    const ofPeriods = ['period=day', 'period=week&include_inactive=true', 'include_inactive=true'];
    for (const path of [...paths.map((path) => `${path}?`), ...ofPeriods.map((query) => `${LEADERBOARD}?${query}&`)]) {
      for (let cursor = ''; ;) {
        const page = await asAdmin('GET', `${path}limit=1${cursor}`);
        const next = /"next_cursor":"([^"]+)"/.exec(JSON.stringify(page.body))?.[1];
        if (next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(next)}`;
        expectNothingOfBravo(await asLimited('GET', `${path}limit=5${cursor}`));
      }
    }
  });

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
    expect(await ranks(admin, '?limit=1')).toEqual([[1, BRAVO]]);
    const both = (await ranks(limited)) as [number, string][];
    expect(both.map(([rank]) => rank)).toEqual([1, 2]);
    expect(both.map(([, agentType]) => agentType).sort()).toEqual([ALPHA, ALPHA_TWO]);
    expect(await ranks(limited, `?around=${both[1]?.[1] ?? ''}`)).toEqual(both);
    expect(await ranks(admin, '?period=week&limit=1')).toEqual([[1, BRAVO]]);
    const ofWeek = (await ranks(limited, '?period=week')) as [number, string][];
    expect(ofWeek.map(([, agentType]) => agentType).sort()).toEqual([ALPHA, ALPHA_TWO]);
    expect(ofWeek[0]?.[0]).toBe(1);
    expect(await ranks(limited, '?period=week&include_inactive=true')).toEqual(ofWeek);

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
      expect([path, await send(everything)]).toEqual([path, await send(admin)]);
    }
  });

  it('administers tests to those of the default agents that it may access', async () => {
    const guardian = bearer(await createKey(app, { name: 'guardian', scope: 'write', agents: ['guardian'] }));
    await sleep(KEY_PROPAGATION_MS);
    evaluator.requests.length = 0;
    const answer = await app.send('POST', `${CUSTODY}/batch-test`, undefined, guardian);
    expect(answer.status).toBe(200);
    expect(evaluator.requests.map(({ body }) => body['agent_type'])).toEqual(['guardian']);
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
    limited = bearer(rotated.key);
    expect((await asLimited('GET', agentPath(ALPHA))).status).toBe(200);
    expect((await asLimited('GET', agentPath(BRAVO))).status).toBe(403);
  });
});
