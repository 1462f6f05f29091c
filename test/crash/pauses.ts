import { setTimeout as sleep } from 'node:timers/promises';

/** A failure is to hit every moment of a transaction sooner or later. */
export async function randomPause(longestMs: number): Promise<void> {
  await sleep(Math.random() * longestMs);
}
