import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 250;

/**
 * How many cores other programs keep busy: what of the machine is busy while nothing of the benchmark is.
 * To be called between two cells.
 */
export async function coresInUseByOthers(): Promise<number> {
  const before = busyMs();
  const start = performance.now();
  await sleep(WINDOW_MS);
  return (busyMs() - before) / (performance.now() - start);
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
