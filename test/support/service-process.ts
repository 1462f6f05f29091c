import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const MAIN = 'dist/src/main.js';
const START_TIMEOUT_MS = 60_000;

/** The built service in a process of its own. */
export interface ServiceProcess {
  url: string;
  pid: number;
  /** All that it has printed so far. */
  output(): string;
  /** Waits for its end. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end; says how it ended, where that was before. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts it and waits until it serves, at PORT (0: at the one that it logs) or where a port is free: until this path answers with 200. */
export async function startService(variables: Record<string, string>, path = '/health/ready'): Promise<ServiceProcess> {
  const port = variables['PORT'] ?? String(await freePort());
  const { child, output } = launch({ ...variables, PORT: port });
  let url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`${url}${path}`))) {
    if (port === '0') url = /Dashboard +(http:\/\/[\w.:]+)/.exec(output())?.[1] ?? url;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the service did not start:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const exit = once(child, 'exit');
  const ended = async () => {
    await exit;
    return { code: child.exitCode, signal: child.signalCode };
  };
  return {
    url,
    pid: child.pid ?? NaN,
    output,
    ended,
    signal: (signal) => {
      child.kill(signal);
    },
    end: (signal) => {
      child.kill(signal);
      return ended();
    },
  };
}

/** Runs the service where it is expected to give up by itself. */
export async function runUntilExit(
  variables: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(variables);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

function launch(variables: Record<string, string>): { child: ChildProcess; output: () => string } {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" first, as "npm test" does`);
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], { env: { PATH, ...variables } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { child, output: () => text };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
