import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 20;

/** Tries again and again until it holds. That it never does shows as the timeout of the test. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(PAUSE_MS);
}
