import { setTimeout as sleep } from 'node:timers/promises';

import { postgresProcessesOn } from './process-table.js';

const WAIT_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 20;

/**
 * Ends what a main process that has died left running on the data folder, as it does itself when one of its processes
 * crashes: nothing that was acknowledged is lost. A long statement would hold the shared memory until its end otherwise,
 * and no server can start before. To be called when no main process is left.
 */
export async function quitOrphans(dataDir: string): Promise<void> {
  const giveUpAt = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    const orphans = await postgresProcessesOn(dataDir);
    if (orphans.length === 0 || Date.now() > giveUpAt) return;
    for (const pid of orphans) quit(pid);
    await sleep(POLL_MILLISECONDS);
  }
}

function quit(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
