import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { CUSTODY } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { type Json, sent } from '../support/read.js';

/** The deprecation that clients are told, as RFC 9745 has it: 2026-11-23. */
const DEPRECATION = '@1795392000';

interface OldPath {
  method: string;
  /** As the documentation has it. */
  template: string;
  successor: string;
}
const OLD_PATHS: OldPath[] = [
  { method: 'GET', template: '', successor: '/api/custody/agents' },
  { method: 'GET', template: '/analytics', successor: '/api/agent-metrics/analytics/summary' },
  { method: 'GET', template: '/live-analytics', successor: '/api/custody/agents' },
  { method: 'GET', template: '/recommendations', successor: '/api/custody/agents' },
  { method: 'GET', template: '/leaderboard', successor: '/api/agent-metrics/leaderboard' },
  { method: 'GET', template: '/test-categories', successor: '/api/custody/categories' },
  { method: 'GET', template: '/test/{ai_type}/status', successor: '/api/custody/agents/{agent_type}' },
  { method: 'GET', template: '/eligibility/{ai_type}', successor: '/api/custody/agents/{agent_type}/eligibility' },
  { method: 'GET', template: '/difficulty/{ai_type}', successor: '/api/custody/agents/{agent_type}/difficulty' },
  { method: 'GET', template: '/recent-tests', successor: '/api/custody/agents' },
  { method: 'GET', template: '/recent-adversarial-tests', successor: '/api/custody/agents' },
  { method: 'POST', template: '/test/{ai_type}/reset', successor: '/api/custody/agents/{agent_type}/reset' },
];
const OF_ONE_AGENT = OLD_PATHS.filter(({ template }) => template.includes('{ai_type}'));

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe.each(OLD_PATHS)('$method /api/custody$template', ({ method, template, successor }) => {
  const pathOf = (agentType: string) => `${CUSTODY}${template.replace('{ai_type}', encodeURIComponent(agentType))}`;
  const successorOf = (agentType: string) => successor.replace('{agent_type}', encodeURIComponent(agentType));

  it('has the headers of its deprecation and its successor', async () => {
    const { headers } = await sent(app, method, pathOf('guardian'));
    expect(headers.get('deprecation')).toBe(DEPRECATION);
    expect(headers.get('link')).toBe(`<${successorOf('guardian')}>; rel="successor-version"`);
  });

  it('has a working successor', async () => {
    expect((await app.send(method === 'POST' ? 'DELETE' : method, successorOf('guardian'))).status).toBe(200);
  });

  it('is documented as deprecated, with its successor', async () => {
    const { paths } = JSON.parse(await readFile('openapi.json', 'utf8')) as {
      paths: Record<string, Record<string, { deprecated?: boolean; description: string; responses: Json }>>;
    };
    const operation = paths[`${CUSTODY}${template}`]?.[method.toLowerCase()];
    expect(operation?.deprecated).toBe(true);
    expect(operation?.description).toContain(`${successor}\``);
    expect(operation?.responses['200']).toMatchObject({ headers: { Deprecation: {}, Link: {} } });
    expect(paths).toHaveProperty([successor]);
  });
});

describe.each(OF_ONE_AGENT)('$method /api/custody$template', ({ method, template, successor }) => {
  const pathOf = (agentType: string) => `${CUSTODY}${template.replace('{ai_type}', agentType)}`;

  it('returns 404 and the deprecation for an agent that does not exist', async () => {
    const answer = await app.send(method, pathOf('nobody'));
    expectProblem(answer, 'agent_not_found', pathOf('nobody'));
    expect(answer.headers.get('deprecation')).toBe(DEPRECATION);
  });

  it('refuses an invalid agent type as ai_type', async () => {
    const answer = await app.send(method, pathOf('a%00b'));
    expectProblem(answer, 'validation_failed', pathOf('a%00b'), ['ai_type']);
    expect(answer.headers.get('link')).toBe(`<${successor.replace('{agent_type}', 'a%00b')}>; rel="successor-version"`);
  });

  it('encodes the agent type in the path of the successor', async () => {
    await app.database.query("INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('x', 'by hand/ü>')");
    const { status, headers } = await app.send(method, pathOf(encodeURIComponent('by hand/ü>')));
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'by hand/ü>'");
    expect(status).toBe(200);
    expect(headers.get('link')).toContain('/api/custody/agents/by%20hand%2F%C3%BC%3E');
  });
});

describe('LEGACY_PATHS', () => {
  it('serves the API also below /custody and /agent-metrics, reads and writes', async () => {
    for (const path of [
      '/custody/test/guardian/status',
      '/agent-metrics',
      '/agent-metrics/guardian?x=1',
      '/custody/nowhere',
    ]) {
      const [short, whole] = [await app.send('GET', path), await app.send('GET', `/api${path}`)];
      expect(short.status).toBe(whole.status);
      expect(Object.keys(short.body as Json)).toEqual(Object.keys(whole.body as Json));
    }
    const { headers } = await sent(app, 'POST', '/agent-metrics/guardian/custody-xp', { amount: 5 });
    expect(headers.get('etag')).not.toBeNull();
    expectProblem(await app.send('PATCH', '/custody/agents'), 'method_not_allowed', '/custody/agents');
  });

  it.each(['/custodyx', '/agent-metricsx', '/api/api/custody', '/%63ustody'])('does not change %s', async (path) => {
    expectProblem(await app.send('GET', path), 'route_not_found', path);
  });

  it('off: these paths do not exist', async () => {
    const strict = await startTestApp({ LEGACY_PATHS: 'off' });
    for (const path of ['/custody', '/custody/leaderboard', '/agent-metrics/guardian']) {
      expectProblem(await strict.send('GET', path), 'route_not_found', path);
    }
    await sent(strict, 'GET', CUSTODY);
    await strict.close();
  });
});
