import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../support/run-cli.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer } from '../support/keys.js';
import { agentPath, AGENTS } from '../support/paths.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const keys = (...args: string[]) => runCli(['keys', ...args], { DATABASE_URL: app.database.url });
const statusWith = async (key: string): Promise<number> =>
  (await app.send('GET', AGENTS, undefined, bearer(key))).status;

describe('the command keys', () => {
  it('creates, lists, rotates and revokes keys, each in effect when the command ends', async () => {
    expect((await app.send('GET', AGENTS)).status).toBe(200);

    const created = await keys('create', '--name', 'ci', '--scope', 'read', '--expires', '90d', '--json');
    const { key, ...rest } = JSON.parse(created.stdout) as { key: string; expires_at: string };
    expect(rest).toMatchObject({ name: 'ci', scope: 'read' });
    expect(Math.round((Date.parse(rest.expires_at) - Date.now()) / 86_400_000)).toBe(90);
    expect((await app.send('GET', AGENTS)).status).toBe(401);
    expect(await statusWith(key)).toBe(200);

    const rotated = await keys('rotate', 'ci');
    const successor = rotated.stdout.trim();
    expect(rotated.stdout).toBe(`${successor}\n`);
    expect(successor).toMatch(/^\S+$/);
    expect(rotated.stderr).toContain('does not expire. It is not shown again');
    expect([await statusWith(key), await statusWith(successor)]).toEqual([401, 200]);

    const list = JSON.parse((await keys('list', '--json')).stdout) as Record<string, unknown>[];
    expect(list.map(({ name, scope, state }) => [name, scope, state])).toEqual([
      ['ci', 'read', 'valid'],
      ['ci', 'read', 'expired'],
    ]);
    const table = (await keys('list')).stdout;
    expect(table).toMatch(/^id +name +scope +agents +state +created_at +expires_at +last_used_at\n/);
    expect(JSON.stringify(list) + table).not.toMatch(/lvlup_|hash/);

    expect((await keys('revoke', 'ci')).stdout).toBe('Revoked 2 keys.\n');
    expect(await statusWith(successor)).toBe(401);
  });

  it('makes keys that are limited to agents', async () => {
    const created = await keys(
      'create',
      '--name',
      'limited',
      '--scope',
      'read',
      '--agents',
      'guardian, team-a/*',
      '--json',
    );
    const { key, ...rest } = JSON.parse(created.stdout) as { key: string };
    expect(rest).toMatchObject({ name: 'limited', agents: ['guardian', 'team-a/*'] });
    const { body } = await app.send('GET', AGENTS, undefined, bearer(key));
    expect(body).toMatchObject({ total_agents: 1, agents: ['guardian'] });
    expect((await app.send('GET', agentPath('imperium'), undefined, bearer(key))).status).toBe(403);

    const rotated = await keys('rotate', 'limited');
    expect(rotated.stderr).toContain('agents: guardian,team-a/*');
    expect((await app.send('GET', agentPath('imperium'), undefined, bearer(rotated.stdout.trim()))).status).toBe(403);
    const list = JSON.parse((await keys('list', '--json')).stdout) as { name: string; agents: unknown }[];
    expect(list.filter(({ name }) => name === 'limited').map(({ agents }) => agents)).toEqual([
      ['guardian', 'team-a/*'],
      ['guardian', 'team-a/*'],
    ]);
    expect(list.filter(({ name }) => name === 'ci').map(({ agents }) => agents)).toEqual([null, null]);
    expect((await keys('list')).stdout).toMatch(/limited +read +guardian,team-a\/\* +valid/);
  });

  it.each([
    ['*', 'agents.0 must contain * only as its last character, after a prefix'],
    ['a,b*c', 'agents.1 must contain * only as its last character, after a prefix'],
    ['a,', 'agents.1 must be 1 to 51 characters'],
    ['', 'agents.0 must be 1 to 51 characters'],
    ['x'.repeat(52), 'agents.0 must be 1 to 51 characters'],
    [Array(101).fill('a').join(','), 'agents must be a list of 1 to 100 agent types and prefixes'],
  ])('makes no key for the agents %j', async (agents, reason) => {
    const result = await keys('create', '--name', 'invalid', '--scope', 'read', '--agents', agents);
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(reason) });
  });

  it.each([
    [1, ['revoke', 'nobody'], /No current key .* "nobody"/],
    [2, ['create', '--name', 'x', '--scope', 'root'], /Allowed choices are read, write, admin/],
    [2, ['create', '--name', 'x', '--scope', 'read', '--expires', 'soon'], /90d, 12h/],
  ])('exits with %i after %j, and reports why', async (code, args, reason) => {
    const result = await keys(...args);
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(reason) });
  });
});
