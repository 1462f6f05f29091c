import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';

describe('the CLI commands rename, merge and erase', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.send('PUT', agentPath('a'), {});
  });
  afterAll(() => app.close());

  const run = (...args: string[]) => runCli(args, { DATABASE_URL: app.database.url });

  it('merge an agent into another one', async () => {
    for (const agent of ['part', 'whole']) await app.send('PUT', agentPath(agent), { xp: 5 });
    expect(await run('merge', 'part', 'whole')).toMatchObject({ code: 0, stdout: 'part was merged into whole.\n' });
    expect((await app.send('GET', agentPath('whole'))).body).toMatchObject({ metrics: { xp: 10 } });
    expect(await run('merge', 'part', 'whole')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is now "whole"'),
    });
    const { code, stdout } = await run('merge', 'whole', 'a', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { agent_type: 'a', merged: 'whole', version: 3 }]);
  });

  it('rename an agent, and erase it for good', async () => {
    expect(await run('rename', 'a', 'b/c')).toMatchObject({ code: 0, stdout: 'a is now b/c.\n' });
    expect((await app.send('GET', agentPath('b/c'))).status).toBe(200);
    expect(await run('rename', 'a', 'd')).toMatchObject({ code: 1, stderr: expect.stringContaining('is now "b/c"') });
    expect(await run('erase', 'b/c', '--reason', 'x')).toMatchObject({ code: 2 });
    expect(await run('erase', 'b/c', '--reason', 'x', '--confirm', 'b')).toMatchObject({ code: 2 });
    const { code, stdout } = await run('erase', 'b/c', '--reason', 'x', '--confirm', 'b/c', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: 1, events: 11, merged_chains: 2 }]);
    expect(await app.database.query('SELECT actor, reason FROM agent_tombstones')).toEqual([
      { actor: 'cli', reason: 'x' },
    ]);
    expect((await app.send('GET', agentPath('b/c'))).status).toBe(404);
    expect((await run('verify')).stdout).toMatch(/, 1 tombstone: nothing differs\n$/);
  });
});
