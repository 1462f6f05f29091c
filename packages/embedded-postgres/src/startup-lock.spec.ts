import { join } from 'node:path';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { withStartupLock } from './startup-lock.js';

describe('withStartupLock', () => {
  let folder: string;
  let lockFile: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lvlup-embedded-'));
    lockFile = join(folder, 'data.lock');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lets one in at a time, also when all find the lock of a process that is gone', async () => {
    // The id is in use, but by a process that started at another time.
    await writeFile(lockFile, JSON.stringify({ pid: process.pid, start: 'another time', token: 'dead' }));
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      // Long enough for the others to come back to the lock.
      await sleep(120);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withStartupLock(lockFile, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is free again after a failure', async () => {
    const failing = withStartupLock(lockFile, () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('no space');
    expect(await withStartupLock(lockFile, () => Promise.resolve('done'))).toBe('done');
  });
});
