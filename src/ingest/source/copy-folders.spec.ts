import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCopyFolder, removeStaleCopies } from './copy-folders.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copies-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A copy of another process. */
async function createCopyOf(pid: number, host?: string): Promise<string> {
  const own = await createCopyFolder(folder);
  const [, , , ownHost = '', random = ''] = own.slice(folder.length + 1).split('-');
  const path = join(folder, `lvlup-ingest-${pid}-${host ?? ownHost}-${random}`);
  await rename(own, path);
  await writeFile(join(path, 'file'), 'x');
  return path;
}
const age = async (path: string, ms: number): Promise<void> => {
  const time = (Date.now() - ms) / 1000;
  await utimes(path, time, time);
};
const HOUR_MS = 3_600_000;

describe('removeStaleCopies', () => {
  it('removes the copies of processes that have ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid ?? 0;
    await once(child, 'exit');
    const ended = await createCopyOf(pid);
    const running = await createCopyOf(process.ppid);
    const own = await createCopyFolder(folder);
    expect(await removeStaleCopies(folder)).toBe(1);
    expect([ended, running, own].map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  it('removes copies that are older than this process and have its id', async () => {
    const earlier = await createCopyOf(process.pid);
    await age(earlier, (process.uptime() + 60) * 1000);
    expect(await removeStaleCopies(folder)).toBe(1);
    expect(existsSync(earlier)).toBe(false);
  });

  it('removes copies of other hosts and of running processes after a day', async () => {
    const paths = [await createCopyOf(999_999_999, '01234567'), await createCopyOf(process.ppid)];
    for (const path of paths) await age(path, 23 * HOUR_MS);
    expect(await removeStaleCopies(folder)).toBe(0);
    for (const path of paths) await age(path, 25 * HOUR_MS);
    expect(await removeStaleCopies(folder)).toBe(2);
  });

  it('removes nothing else', async () => {
    const others = ['lvlup-ingest-1-01234567', 'lvlup-ingest-x-01234567-abcdef', 'lvlup-pg-abcdef'];
    for (const name of others) {
      await mkdir(join(folder, name));
      await age(join(folder, name), 48 * HOUR_MS);
    }
    await symlink(join(folder, 'lvlup-pg-abcdef'), join(folder, 'lvlup-ingest-999999999-01234567-abcdef'));
    expect(await removeStaleCopies(folder, Date.now() + 48 * HOUR_MS)).toBe(0);
    expect(await removeStaleCopies(join(folder, 'missing'))).toBe(0);
  });
});
