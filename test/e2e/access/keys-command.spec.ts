import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../support/run-cli.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer } from '../support/keys.js';
import { AGENTS } from '../support/paths.js';

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
    expect(table).toMatch(/^id +name +scope +state +created_at +expires_at +last_used_at\n/);
    expect(JSON.stringify(list) + table).not.toMatch(/lvlup_|hash/);

    expect((await keys('revoke', 'ci')).stdout).toBe('Revoked 2 keys.\n');
    expect(await statusWith(successor)).toBe(401);
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
