import { setTimeout as sleep } from 'node:timers/promises';

import { postgresProcessesOn } from './process-table.js';

const WAIT_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 20;

/**
 * Terminates the processes that a dead postmaster left on the data folder, by SIGQUIT as the postmaster itself does after a
 * crash of one of them. No committed data is lost. Otherwise a long statement would hold the shared memory until its end and
 * prevent a start. Must only be called if there is no postmaster.
 */
export async function terminateOrphans(dataDir: string): Promise<void> {
  const giveUpAt = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    const orphans = await postgresProcessesOn(dataDir);
    if (orphans.length === 0 || Date.now() > giveUpAt) return;
    for (const pid of orphans) terminate(pid);
    await sleep(POLL_MILLISECONDS);
  }
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
