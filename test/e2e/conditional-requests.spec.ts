import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { loadSettings } from '../../src/config/settings.js';
import { rebuild } from '../../src/verification/rebuild.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { expectRefused } from './support/problem.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const versionOf = async (agentType: string): Promise<number> => {
  const { body } = await app.send('GET', agentPath(agentType));
  return (body as { metrics: { version: number } }).metrics.version;
};

const tagOf = async (path: string): Promise<string> => (await app.send('GET', path)).headers.get('etag') ?? '';

const WRITES = [
  ['PUT', agentPath('guardian'), { prestige: 3 }],
  ['POST', agentPath('guardian', 'custody-test'), { passed: true, score: 90, duration: 1 }],
  ['POST', agentPath('guardian', 'adversarial-test'), { score: 90, is_winner: true }],
  ['POST', agentPath('guardian', 'custody-xp'), { amount: 5 }],
  ['POST', agentPath('guardian', 'learning'), { xp_awarded: 5 }],
  ['DELETE', agentPath('guardian', 'reset'), undefined],
] as const;

describe('the ETag', () => {
  it.each([agentPath('guardian'), agentPath('guardian', 'custody')])(
    'of GET %s contains the version and the representation',
    async (path) => {
      const tag = await tagOf(path);
      expect(tag).toMatch(new RegExp(`^"${await versionOf('guardian')}-[0-9a-f]{8}"$`));
      expect(await tagOf(path)).toBe(tag);
    },
  );

  it.each(WRITES)('of %s %s is the version after it', async (method, path, body) => {
    const before = await versionOf('guardian');
    const { headers } = await app.send(method, path, body);
    expect(headers.get('etag')).toBe(`"${before + 1}"`);
    expect(await versionOf('guardian')).toBe(before + 1);
  });
});

describe('If-None-Match of a GET', () => {
  const PATHS = [agentPath('sandbox'), agentPath('sandbox', 'custody')];

  it.each(PATHS)('of %s with its ETag returns 304 without a body', async (path) => {
    const tag = await tagOf(path);
    for (const value of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await app.send('GET', path, undefined, { 'if-none-match': value });
      expect({ status: answer.status, body: answer.body, etag: answer.headers.get('etag') }).toEqual({
        status: 304,
        body: '',
        etag: tag,
      });
    }
  });

  it.each(PATHS)(
    'of %s with the version alone returns the agent: it does not identify the representation',
    async (path) => {
      const answer = await app.send('GET', path, undefined, { 'if-none-match': `"${await versionOf('sandbox')}"` });
      expect(answer.status).toBe(200);
    },
  );

  it.each(PATHS)('of %s returns the agent after a manual change of its row, and after a rebuild', async (path) => {
    const statusWith = async (tag: string) => (await app.send('GET', path, undefined, { 'if-none-match': tag })).status;
    const right = await tagOf(path);
    const version = await versionOf('sandbox');
    await app.database.query("UPDATE agent_metrics SET custody_xp = 77 WHERE agent_type = 'sandbox'");
    const wrong = await tagOf(path);
    expect([await statusWith(right), await statusWith(wrong)]).toEqual([200, 304]);

    await rebuild(app.app.get(DataSource, { strict: false }), loadSettings({}), {
      dryRun: false,
      onDifference: () => undefined,
    });
    expect(await versionOf('sandbox')).toBe(version);
    expect([await statusWith(right), await statusWith(wrong)]).toEqual([304, 200]);
  });

  it.each(PATHS)('of %s with the ETag of another version returns the agent', async (path) => {
    const old = await tagOf(path);
    await app.send('PUT', agentPath('sandbox'), { prestige: 1 });
    const answer = await app.send('GET', path, undefined, { 'if-none-match': old });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'success' });
  });

  it.each(PATHS)('of %s that is not a list of tags is refused', async (path) => {
    const headers = { 'if-none-match': '14' };
    await expectRefused(app, { method: 'GET', path, headers }, 'validation_failed', 'If-None-Match');
  });

  it('of an agent that does not exist is 404', async () => {
    expect((await app.send('GET', agentPath('nobody'), undefined, { 'if-none-match': '*' })).status).toBe(404);
  });
});

describe.each(WRITES)('%s %s', (method, path, body) => {
  it.each(['"1000000"', '"guardian"', 'W/"1"', '"1000000", "1000001"'])('is refused with If-Match: %s', async (tag) => {
    await expectRefused(app, { method, path, body, headers: { 'if-match': tag } }, 'precondition_failed');
  });

  it('is refused with an older version, and with its ETag', async () => {
    const tags = [`"${await versionOf('guardian')}"`, await tagOf(agentPath('guardian'))];
    await app.send('PUT', agentPath('guardian'), { prestige: 1 });
    for (const tag of tags) {
      await expectRefused(app, { method, path, body, headers: { 'if-match': tag } }, 'precondition_failed');
    }
  });

  it.each(['its version', 'a list with its version', 'its ETag', '*'])(
    'takes effect with %s in If-Match',
    async (which) => {
      const version = await versionOf('guardian');
      const shown = await tagOf(agentPath('guardian'));
      const tag = { '*': '*', 'its version': `"${version}"`, 'its ETag': shown }[which] ?? `"x", "${version}"`;
      const answer = await app.send(method, path, body, { 'if-match': tag });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    },
  );

  it('is refused with If-None-Match: * if the agent exists', async () => {
    await expectRefused(app, { method, path, body, headers: { 'if-none-match': '*' } }, 'precondition_failed');
  });

  it.each(['if-match', 'if-none-match'])('is refused with a malformed %s', async (header) => {
    const field = { 'if-match': 'If-Match', 'if-none-match': 'If-None-Match' }[header] ?? '';
    await expectRefused(app, { method, path, body, headers: { [header]: '14' } }, 'validation_failed', field);
  });
});

describe('a write to an agent that does not exist', () => {
  it.each(['"1"', '*'])('is refused with If-Match: %s', async (tag) => {
    const path = agentPath('unborn');
    await expectRefused(app, { method: 'PUT', path, body: {}, headers: { 'if-match': tag } }, 'precondition_failed');
  });

  it('is 404 first, if it would not create the agent', async () => {
    const headers = { 'if-match': '"1"' };
    await expectRefused(app, { method: 'DELETE', path: agentPath('unborn', 'reset'), headers }, 'agent_not_found');
  });

  it('creates it with If-None-Match: *, once', async () => {
    const create = () => app.send('PUT', agentPath('once'), { prestige: 1 }, { 'if-none-match': '*' });
    const statuses = (await Promise.all([create(), create(), create()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 412, 412]);
  });
});

describe('of concurrent writes with the same version', () => {
  it('one takes effect', async () => {
    const tag = `"${await versionOf('conquest')}"`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, prestige) =>
        app.send('PUT', agentPath('conquest'), { prestige }, { 'if-match': tag }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });
});

describe('a bulk update', () => {
  it.each([
    ['if-match', 'If-Match'],
    ['if-none-match', 'If-None-Match'],
  ])('does not accept %s, which contains the version of one agent', async (header, field) => {
    const path = BULK_UPDATE;
    const body = { updates: { guardian: { prestige: 1 } } };
    await expectRefused(app, { method: 'POST', path, body, headers: { [header]: '*' } }, 'validation_failed', field);
  });
});
