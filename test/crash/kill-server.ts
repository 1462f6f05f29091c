import { setTimeout as sleep } from 'node:timers/promises';
import { findPostmaster, postgresProcessesOn } from 'lvlup-embedded-postgres/testing';

const POLL_MS = 5;

/**
 * Ends PostgreSQL on this data folder by SIGKILL: its main process, and then all others. Where those cannot be told (not
 * on Linux) they end by themselves when they notice that the main one is gone.
 */
export async function killServer(dataDir: string): Promise<void> {
  const postmaster = await findPostmaster(dataDir);
  if (!postmaster) throw new Error(`no PostgreSQL runs on ${dataDir}`);
  let left = [postmaster.pid];
  while (left.length > 0) {
    for (const pid of left) kill(pid);
    await sleep(POLL_MS);
    left = await postgresProcessesOn(dataDir);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
