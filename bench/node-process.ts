import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/service-process.js';

const START_TIMEOUT_MS = 60_000;
const START_POLL_MS = 50;

/** A service under load, in a process of its own. */
export interface NodeProcess {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/**
 * Runs a program with Node and waits until it serves.
 *
 * @param args Node's options, the program and its arguments
 * @param variables its environment, beside PATH and the PORT to listen on
 * @param output what becomes of what it prints: shown, or read and dropped as by a program that collects logs
 */
export async function startNode(
  args: string[],
  variables: Record<string, string>,
  output: 'show' | 'read' = 'show',
): Promise<NodeProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, PORT: String(port), ...variables },
    stdio: ['ignore', output === 'show' ? 'inherit' : 'pipe', 'inherit'],
  });
  child.stdout?.resume();
  running.add(child);
  const ended = once(child, 'exit').finally(() => running.delete(child));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await serves(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${args.join(' ')} did not start`);
    await sleep(START_POLL_MS);
  }
  return {
    url,
    pid: child.pid ?? NaN,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function serves(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
