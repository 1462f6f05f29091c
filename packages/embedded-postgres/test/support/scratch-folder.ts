import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memoryFolder } from '../../src/test-cluster.js';

/**
 * A folder for the data of one test file, in memory where possible. Every user can enter it, because the server of root runs
 * as `nobody`.
 */
export async function createScratchFolder(): Promise<string> {
  return createFolderIn((await memoryFolder()) ?? tmpdir());
}

/** Likewise for an installation, on disk: containers mount memory without permission to execute. */
export async function createInstallationFolder(): Promise<string> {
  return createFolderIn(tmpdir());
}

async function createFolderIn(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, 'lvlup-embedded-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
