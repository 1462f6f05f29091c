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

  it('admits one caller at a time, even if all find the lock of a dead process', async () => {
    // The id is in use, but the start time differs.
    await writeFile(lockFile, JSON.stringify({ pid: process.pid, start: 'another time', token: 'dead' }));
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      // Longer than the polling interval of the others.
      await sleep(120);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withStartupLock(lockFile, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is released after a failure', async () => {
    const failing = withStartupLock(lockFile, () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('no space');
    expect(await withStartupLock(lockFile, () => Promise.resolve('done'))).toBe('done');
  });
});
