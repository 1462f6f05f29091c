import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 10_000;
const PAUSE_MS = 50;

/** Reads until the value is the expected one. Fails with the last value otherwise. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while ((await read()) !== expected && Date.now() < deadline) await sleep(PAUSE_MS);
  expect(await read()).toBe(expected);
}
