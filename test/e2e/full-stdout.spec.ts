import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { startTestService, type TestService } from '../support/test-service.js';

const REASON = /^The result cannot be written to stdout: ENOSPC.*\n$/;

let test: TestService;
let folder: string;
beforeAll(async () => {
  test = await startTestService();
  folder = await mkdtemp(join(tmpdir(), 'lvlup-stdout-'));
  await writeFile(join(folder, 'agents.json'), '{"fine":{"xp":1}}');
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => runCli(args, { DATABASE_URL: test.database.url });
/** Runs a command whose stdout is a disk without room. */
async function runOnFullDisk(...args: string[]) {
  const full = await open('/dev/full', 'w');
  try {
    return await runCli(args, { DATABASE_URL: test.database.url }, '', full.fd);
  } finally {
    await full.close();
  }
}
/** Each command is a process of its own, which takes seconds on a busy machine. */
const SEVERAL_PROCESSES_MS = 240_000;

const keys = () => test.database.query('SELECT name, revoked_at, rotated_at, expires_at FROM api_keys ORDER BY name');

describe('a command whose stdout fails', () => {
  it.each([
    [['--help']],
    [['verify']],
    [['verify', '--json']],
    [['rebuild', '--all']],
    [['check']],
    [['agents', 'list']],
    [['agents', 'create-defaults']],
    [['db', 'ping']],
    [['db', 'tables']],
    [['keys', 'list']],
    [['export', 'events']],
    [['export', 'agents', '--format', 'csv']],
    [['import', 'agents.json']],
  ])('reports it in one line and exits with 1: %j', async (args) => {
    const { code, stderr } = await runOnFullDisk(
      ...args.map((arg) => (arg === 'agents.json' ? join(folder, arg) : arg)),
    );
    expect(stderr).toMatch(REASON);
    expect(code).toBe(1);
  });

  it('reports it after the steps of migrate, whose report exists', async () => {
    const { code, stderr } = await runOnFullDisk('migrate', '--dry-run', '--report-dir', folder);
    expect(stderr.split('\n').slice(-2).join('\n')).toMatch(REASON);
    expect(code).toBe(1);
  });

  it('creates no key that was not printed', async () => {
    const { code, stderr } = await runOnFullDisk('keys', 'create', '--name', 'lost', '--scope', 'admin');
    expect(stderr).toMatch(REASON);
    expect(code).toBe(1);
    expect(await keys()).toEqual([]);
  });

  it(
    'does not rotate the key if the successor was not printed',
    async () => {
      expect((await run('keys', 'create', '--name', 'kept', '--scope', 'write')).stdout).toMatch(/^lvlup_/);
      const before = await keys();
      expect(before).toEqual([{ name: 'kept', revoked_at: null, rotated_at: null, expires_at: null }]);
      expect(await runOnFullDisk('keys', 'rotate', 'kept')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(REASON),
      });
      expect(await keys()).toEqual(before);
      expect((await run('keys', 'rotate', 'kept', '--json')).stdout).toContain('"key":"lvlup_');
      expect(await keys()).toHaveLength(2);
    },
    SEVERAL_PROCESSES_MS,
  );
});
