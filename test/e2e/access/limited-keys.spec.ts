import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { AGENTS, agentPath, BULK_UPDATE, CUSTODY, EXPORT, LEADERBOARD, STANDINGS } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';
import { ALPHA, asText, BRAVO, expectNothingOfBravo, LimitedKey, MARKS } from './limited-key.js';
import {
  BODIES,
  ENDS_NAME,
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

const MISSING = 'bravo-missing';
/** Query parameters whose values are not agent types. */
const WITHOUT_AGENT_TYPE = [
  'as_of',
  ...['limit', 'cursor', 'of', 'format', 'raw', 'bucket', 'from', 'to', 'test_category', 'category', 'atomic'],
  ...['run_id', 'agent_version', 'environment', 'source', 'model', 'by', 'baseline'],
  ...['period', 'include_inactive', 'type', 'outcome', 'order', 'after'],
  ...['run', 'scorer', 'metric', 'junit_errors', 'pass_mark', 'file', 'dry_run', 'state'],
];

const key = new LimitedKey();
let app: TestApp;
beforeAll(async () => {
  await key.start();
  ({ app } = key);
});
afterAll(() => key.close());
const { asLimited, asAdmin, fillBravo, stateOf, readAll } = key;

describe('the walk', () => {
  it('knows every operation', () => {
    const known = key.operations.filter(({ name, ofAgent }) => ofAgent || name in WITHOUT_AGENT);
    expect(key.operations.filter((operation) => !known.includes(operation)).map(({ name }) => name)).toEqual([]);
    const withBody = key.operations.filter(({ ofAgent, name }) => ofAgent && name in BODIES);
    expect(withBody).toHaveLength(Object.keys(BODIES).length);
    expect(key.operations.filter(({ name }) => name in WITHOUT_AGENT)).toHaveLength(Object.keys(WITHOUT_AGENT).length);
    expect(key.operations.filter(({ name }) => name in QUERIES)).toHaveLength(Object.keys(QUERIES).length);
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
    for (const operation of key.operations.filter(ending)) {
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
    for (const operation of key.operations.filter(({ ofAgent }) => ofAgent)) {
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
    const headers = `Host: service\r\nAuthorization: ${key.limited['authorization'] ?? ''}\r\nConnection: close`;
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
});
