import { readFile, readdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { postgresProcessesOn } from '../../src/process-table.js';

export const runsAsRoot = process.getuid?.() === 0;

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The limit suits a slow, shared machine. */
export async function waitUntil(condition: string, isMet: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (!(await isMet())) {
    if (Date.now() > giveUpAt) throw new Error(`Not within 20 s: ${condition}.`);
    await sleep(20);
  }
}

/** Ids of the processes whose command line contains the text. Linux only. */
export async function processesNaming(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (commandLine.includes(text)) found.push(Number(name));
  }
  return found;
}

/** Waits for the end of the server and of its watchdog. */
export async function waitUntilNothingRunsOn(dataDir: string): Promise<void> {
  await waitUntil(`nothing runs on ${dataDir}`, async () => {
    const servers = (await exists(dataDir)) ? await postgresProcessesOn(dataDir) : [];
    return servers.length === 0 && (await processesNaming(dataDir)).length === 0;
  });
}
