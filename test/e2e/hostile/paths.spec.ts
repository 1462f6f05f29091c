import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { type Code, expectProblem, expectRefused } from '../support/problem.js';
import { sent } from '../support/read.js';
import { AGENT_ROUTES, type WriteRoute } from '../support/write-routes.js';

/** Words that stand where paths have an agent type; the two that are paths of their own have no PUT. */
const PATH_WORDS = [
  'analytics',
  'summary',
  'custody',
  'custody-test',
  'adversarial-test',
  'custody-xp',
  'learning',
  'reset',
];
const PATHS_OF_THEIR_OWN = ['leaderboard', 'bulk-update'];
const BADLY_NAMED = [
  ...['-guardian', '.guardian', '_guardian', ':a', '+a', '@a', '...', '.hidden', '__proto__', '__defineGetter__'],
  ...[
    'a b',
    ' a',
    'a ',
    'a\n',
    'a\t',
    '/a',
    'a\\b',
    'a%b',
    'a?b',
    'a#b',
    'a;b',
    'a,b',
    "a'b",
    'a"b',
    'a$b',
    'a&b',
    'a=b',
  ],
  ...[
    'ü',
    'é',
    '🙂',
    'а-in-cyrillic',
    '１',
    'a\u200b',
    '\u202ea',
    "'; DROP TABLE agent_metrics; --",
    '<script>',
    '*',
    '%',
  ],
];
/** Requests that create an agent. Other routes require an existing one. */
const CREATING = AGENT_ROUTES.filter(({ name }) => name !== 'custody-xp');

interface Undecodable {
  path: string;
  code: Code;
  field?: string;
}
const UNDECODABLE: Undecodable[] = [
  { path: '%00', code: 'validation_failed', field: 'agent_type' },
  { path: 'a%00b', code: 'validation_failed', field: 'agent_type' },
  ...['%', '%4', '%zz', '%E0%A4%A', '%ED%A0%80', '%ED%B0%80', '%C0%80', '%FF', '%F0%9F%99'].map(
    (path): Undecodable => ({ path, code: 'malformed_request' }),
  ),
];

describe('an agent type in a path', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  async function expectNoneCreated(agentType: string, routes: WriteRoute[]): Promise<void> {
    for (const { method, path, body } of routes) {
      await expectRefused(app, { method, path: path(agentType), body }, 'validation_failed', 'agent_type');
    }
  }

  async function expectNoSuchAgent(agentType: string, belows = ['', 'custody']): Promise<void> {
    for (const path of belows.map((below) => agentPath(agentType, below))) {
      expectProblem(await app.send('GET', path), 'agent_not_found', path);
    }
    const xp = { method: 'POST', path: agentPath(agentType, 'custody-xp'), body: { amount: 1 } };
    await expectRefused(app, xp, 'agent_not_found');
    await expectRefused(app, { method: 'DELETE', path: agentPath(agentType, 'reset') }, 'agent_not_found');
  }

  it.each(PATH_WORDS)('that is the word %s creates none', async (word) => {
    await expectNoneCreated(word, CREATING);
    await expectNoSuchAgent(word);
  });

  it.each(PATHS_OF_THEIR_OWN)('that is the path %s creates none', async (word) => {
    await expectNoneCreated(
      word,
      CREATING.filter(({ method }) => method === 'POST'),
    );
    await expectNoSuchAgent(word, ['custody']);
  });

  it.each(BADLY_NAMED)('that is invalid creates none: %j', async (agentType) => {
    await expectNoneCreated(agentType, CREATING);
    await expectNoSuchAgent(agentType);
  });

  it.each([51, 100, 600])('of %d characters is refused', async (length) => {
    const agentType = 'a'.repeat(length);
    await expectNoneCreated(agentType, AGENT_ROUTES);
    for (const below of ['', 'custody']) {
      const request = { method: 'GET', path: agentPath(agentType, below) };
      await expectRefused(app, request, 'validation_failed', 'agent_type');
    }
  });

  it('is counted in characters, not in bytes: 50 emoji are within the limit', async () => {
    await expectNoSuchAgent('🙂'.repeat(50));
    const request = { method: 'GET', path: agentPath('🙂'.repeat(51)) };
    await expectRefused(app, request, 'validation_failed', 'agent_type');
  });

  it.each([601, 1_000, 8_000])('of %d characters is too long for a path', async (length) => {
    for (const { method, path, body } of [...AGENT_ROUTES, { method: 'GET', path: agentPath, body: undefined }]) {
      await expectRefused(app, { method, path: path('a'.repeat(length)), body }, 'uri_too_long');
    }
  });

  it('is decoded once', async () => {
    expect((await app.send('PUT', `${AGENTS}/gu%61rdian`, { status: 'active' })).status).toBe(200);
    await expectNoSuchAgent('gu%61rdian');
  });

  it('that was inserted manually is read and written', async () => {
    await app.database.query("INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('x', 'by hand/ü')");
    expect(await sent(app, 'GET', agentPath('by hand/ü'))).toMatchObject({ body: { agent_type: 'by hand/ü' } });
  });

  describe.each(UNDECODABLE)('that is $path', ({ path: encoded, code, field }) => {
    const fields = field === undefined ? [] : [field];

    it.each(['', '/custody'])('is refused by GET …%s', async (below) => {
      await expectRefused(app, { method: 'GET', path: `${AGENTS}/${encoded}${below}` }, code, ...fields);
    });

    it.each(AGENT_ROUTES)('is refused by $name', async ({ method, path, body }) => {
      await expectRefused(app, { method, path: path('guardian').replace('guardian', encoded), body }, code, ...fields);
    });

    it('is refused by a reset', async () => {
      await expectRefused(app, { method: 'DELETE', path: `${AGENTS}/${encoded}/reset` }, code, ...fields);
    });
  });

  it('is not the only part of a path that is decoded', async () => {
    await expectRefused(app, { method: 'GET', path: '/%ED%A0%80' }, 'malformed_request');
    await expectRefused(app, { method: 'GET', path: `${AGENTS}/guardian/%00` }, 'route_not_found');
  });
});
