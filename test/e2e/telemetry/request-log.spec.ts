import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { type ServiceProcess, startService } from '../../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { agentPath, AGENTS, BULK_UPDATE } from '../support/paths.js';
import { UUID } from '../support/read.js';

const SECRET = 'hush-hush';
const HOSTILE = 'x\r\n{"level":"fatal"}\u001b[2J\u009b2J\u2028';

let database: TestDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await database.drop();
});

type Line = Record<string, unknown>;
const lines = (): Line[] =>
  service
    .output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
const linesOf = (id: string) => lines().filter(({ request_id }) => request_id === id);

let requests = 0;
/** Sends a request and returns the line that the log has of it. */
async function logged(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Line> {
  const id = `request-${++requests}`;
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: { 'x-request-id': id, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  expect(response.headers.get('x-request-id')).toBe(id);
  while (linesOf(id).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [line, ...others] = linesOf(id);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ message: 'request', context: 'Http', level: 'log', method, status: response.status });
  expect(line?.['duration_ms']).toEqual(expect.any(Number));
  return line ?? {};
}

describe('the line of a request', () => {
  it('has the changes of a write, and none of a replay', async () => {
    const path = agentPath('scout', 'custody-test');
    const headers = { 'idempotency-key': 'once' };
    const body = createCustodyTest({ xp_awarded: 1_000 });
    const told = {
      route: '/api/agent-metrics/:agent_type/custody-test',
      agent_type: 'scout',
      version: 2,
      new_xp: 0,
      new_level: 1,
      new_custody_xp: 1_000,
      new_custody_level: 5,
    };
    const first = await logged('POST', path, body, headers);
    expect(first).toMatchObject({ ...told, result: 'recorded', custody_level_ups: 4 });
    expect(first).not.toHaveProperty('level_ups');
    const again = await logged('POST', path, body, headers);
    expect(again).toMatchObject({ ...told, result: 'replayed' });
    expect(again).not.toHaveProperty('custody_level_ups');
  });

  it('has the number of agents of a bulk write, and the levels of general XP', async () => {
    const updates = { a: { xp: 2_000 }, b: { xp: 1 } };
    expect(await logged('POST', BULK_UPDATE, { updates })).toMatchObject({
      result: 'recorded',
      agents: 2,
      level_ups: expect.any(Number),
    });
  });

  it.each([
    ['PUT', agentPath('guardian'), { level: 0 }, 'rule_violated', 'guardian'],
    ['PUT', agentPath('guardian'), { level: 'x' }, 'validation_failed', 'guardian'],
    ['GET', agentPath('nobody'), undefined, 'agent_not_found', 'nobody'],
    ['GET', '/api/custody/difficulty/nobody', undefined, 'agent_not_found', 'nobody'],
    ['PATCH', AGENTS, undefined, 'method_not_allowed', undefined],
    ['GET', `${AGENTS}/%zz`, undefined, 'malformed_request', undefined],
  ])('has the reason why %s %s %j was refused: %s', async (method, path, body, result, agentType) => {
    const line = await logged(method, path, body);
    expect(line).toMatchObject({ result });
    expect(line['agent_type']).toBe(agentType);
  });

  it('has the path if there is no route, truncated', async () => {
    expect(await logged('GET', '/nowhere?x=1')).toMatchObject({ path: '/nowhere', result: 'route_not_found' });
    const long = await logged('GET', `/${'a'.repeat(2_000)}`);
    expect(String(long['path']).length).toBeLessThanOrEqual(200);
  });

  it('contains no secret: no query, headers or bodies', async () => {
    const headers = {
      authorization: `Bearer ${SECRET}`,
      'x-api-key': SECRET,
      cookie: SECRET,
      'idempotency-key': SECRET,
    };
    await logged('GET', `${agentPath('guardian')}?token=${SECRET}`, undefined, headers);
    await logged('GET', `/nowhere?token=${SECRET}`, undefined, headers);
    await logged('POST', agentPath('guardian', 'learning'), { learning_patterns: [SECRET] }, headers);
    await logged('POST', agentPath('guardian', 'learning'), { [SECRET]: SECRET }, headers);
    expect(service.output()).not.toContain(SECRET);
  });

  it('is one line for any agent type', async () => {
    const path = agentPath(HOSTILE);
    expect(await logged('GET', path)).toMatchObject({ status: 404, agent_type: HOSTILE });
    await logged('GET', `/nowhere/${encodeURIComponent(HOSTILE)}`);
    expect(service.output().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(lines().filter(({ level }) => level === 'fatal')).toEqual([]);
  });

  it('has a new id if that of the request is invalid', async () => {
    const response = await fetch(`${service.url}${agentPath('guardian')}`, { headers: { 'x-request-id': 'a "b" c' } });
    expect(response.headers.get('x-request-id')).toMatch(UUID);
    expect(service.output()).not.toContain('a \\"b\\" c');
  });

  it('is not written for successful probes', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) await fetch(`${service.url}${path}`);
    await logged('GET', agentPath('guardian'));
    expect(lines().filter(({ route }) => /^\/(health|metrics)/.test(String(route)))).toEqual([]);
  });
});

describe('the line of a failure', () => {
  it('has the id of its request, and the cause', async () => {
    await database.query('ALTER TABLE agent_metrics RENAME COLUMN xp TO xp_away');
    const line = await logged('GET', agentPath('guardian'));
    await database.query('ALTER TABLE agent_metrics RENAME COLUMN xp_away TO xp');
    expect(line).toMatchObject({ status: 500, result: 'internal_error' });
    const [failure] = lines().filter(({ level }) => level === 'error');
    expect(failure?.['message']).toContain(`request ${String(line['request_id'])}`);
    expect(String(failure?.['stack'])).toContain('xp');
  });
});

describe('LOG_REQUESTS=off', () => {
  it('writes no lines of requests', async () => {
    const silent = await startService({ DATABASE_URL: database.url, LOG_REQUESTS: 'off' });
    await fetch(`${silent.url}${agentPath('guardian')}`);
    await silent.end('SIGTERM');
    expect(silent.output()).toContain('Swagger');
    expect(silent.output()).not.toContain('"request"');
  });
});
