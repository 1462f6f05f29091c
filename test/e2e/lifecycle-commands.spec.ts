import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';

describe('the CLI commands rename and erase', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.send('PUT', agentPath('a'), {});
  });
  afterAll(() => app.close());

  const run = (...args: string[]) => runCli(args, { DATABASE_URL: app.database.url });

  it('rename an agent, and erase it for good', async () => {
    expect(await run('rename', 'a', 'b/c')).toMatchObject({ code: 0, stdout: 'a is now b/c.\n' });
    expect((await app.send('GET', agentPath('b/c'))).status).toBe(200);
    expect(await run('rename', 'a', 'd')).toMatchObject({ code: 1, stderr: expect.stringContaining('is now "b/c"') });
    expect(await run('erase', 'b/c', '--reason', 'x')).toMatchObject({ code: 2 });
    expect(await run('erase', 'b/c', '--reason', 'x', '--confirm', 'b')).toMatchObject({ code: 2 });
    const { code, stdout } = await run('erase', 'b/c', '--reason', 'x', '--confirm', 'b/c', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: 1, events: 3, merged_chains: 0 }]);
    expect(await app.database.query('SELECT actor, reason FROM agent_tombstones')).toEqual([
      { actor: 'cli', reason: 'x' },
    ]);
    expect((await app.send('GET', agentPath('b/c'))).status).toBe(404);
    expect((await run('verify')).stdout).toMatch(/, 1 tombstone: nothing differs\n$/);
  });
});
