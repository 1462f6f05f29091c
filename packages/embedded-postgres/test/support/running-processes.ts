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

/** Generous, for a slow machine that others use as well. */
export async function waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited 20 s in vain until ${what}.`);
    await sleep(20);
  }
}

/** Ids of the processes whose command line names the text; Linux only. */
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
