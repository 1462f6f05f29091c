import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Output of `perf stat -x,`: the count first, the event third. */
const COUNT = /^(\d+),[^,]*,instructions/m;

/**
 * Counts the instructions that a process takes, outside of the kernel, while work runs: a figure that a busy machine
 * hardly changes. Null where there is no perf, or no permission to count.
 */
export async function countInstructions<T>(pid: number, work: () => Promise<T>): Promise<[T, number | null]> {
  const perf = spawn('perf', ['stat', '-e', 'instructions:u', '-x', ',', '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const output = text(perf.stderr);
  const ended = once(perf, 'close').catch(() => undefined);
  const result = await work();
  perf.kill('SIGINT');
  await ended;
  const [, count] = COUNT.exec(await output.catch(() => '')) ?? [];
  return [result, count === undefined ? null : Number(count)];
}
