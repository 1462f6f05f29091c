import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** Of a start that does not end by itself. */
const KILLED_AFTER_MS = 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-data-dir-'));
  // Where every user may enter, so that root's server is to be there as well.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'file'), 'precious');
  await symlink(join(folder, 'nowhere', 'at', 'all'), join(folder, 'dangling'));
});
afterAll(() => rm(folder, { recursive: true }));

const start = (args: readonly string[], DATA_DIR: string) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const { PATH = '' } = process.env;
    const env = { PATH, DATA_DIR, PORT: '0' };
    const limit = { timeout: KILLED_AFTER_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, args, { env, ...limit }, (error, _, stderr) => {
      resolve({ code: error?.code, stderr });
    });
  });

describe.each([
  ['the service', ['dist/src/main.js']],
  ['a command', ['dist/src/cli/main.js', 'db', 'ping']],
])('an unusable DATA_DIR, at the start of %s', (_, args) => {
  it.each([
    ['a file', 'file', /file is not a folder/],
    ['below a file', 'file/below/it', /file is not a folder/],
    ['below a device', '/dev/null/x', /\/dev\/null is not a folder/],
    ['a link to nothing', 'dangling', /dangling is not a folder/],
    ['below /proc', '/proc/x', /The parent folder \/proc\/x of the data cannot be created: E/],
    ['a name that is too long', 'n'.repeat(300), /cannot be created: ENAMETOOLONG/],
    ['a folder for no files', '/proc', /The folder \/proc is not writable: E/],
  ])('is named in the error: %s', async (_, name, reason) => {
    const before = await readdir(folder);
    const { code, stderr } = await start(args, name.startsWith('/') ? name : join(folder, name));
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('a folder for reports that cannot be created', () => {
  it('ends migrate immediately', async () => {
    const { code, stderr } = await start(['dist/src/cli/main.js', 'migrate', '--report-dir', '/proc/x'], folder);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^E\w+: .*'\/proc\/x'\n$/)]);
  });
});
