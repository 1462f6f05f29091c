import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './sample.js';

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

/** Line of the report about the load of other programs. */
export function disturbance(what: string, measured: readonly { coresInUseByOthers: number }[]): string {
  const cores = measured.map(({ coresInUseByOthers }) => coresInUseByOthers);
  return (
    `Before the ${what}, other programs kept ${median(cores).toFixed(1)} cores busy (median), ` +
    `at most ${Math.max(...cores).toFixed(1)}.`
  );
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
