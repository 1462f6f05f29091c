import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from './log.js';
import type { ListenAddress } from './postmaster-pid.js';

/** How the watchdog finds, stops and cleans up after one server. */
export interface WatchedServer {
  dataDir: string;
  /** Where the server listens. Tells it from a later one on the same folder, which belongs to somebody else. */
  address: ListenAddress;
  /** SIGINT is what `pg_ctl stop -m fast` sends, SIGQUIT is `-m immediate`. */
  signal: 'SIGINT' | 'SIGQUIT';
  /** Removed when the server is gone. */
  foldersToRemove: string[];
}

export interface Watchdog {
  /** Ends the watchdog without any effect on the server. */
  release(): void;
}

const REPLACEMENT_PAUSE_MILLISECONDS = 1_000;

/**
 * Starts a watchdog, and another one whenever it ends before it is released.
 *
 * @throws Error when the first one can't be started.
 */
export async function keepWatchdog(watched: WatchedServer, log: Log): Promise<Watchdog> {
  let released = false;
  let current: ChildProcess;
  const keep = async (): Promise<void> => {
    current = await startWatchdog(watched);
    if (released) release(current);
    current.once('exit', (code, signal) => {
      if (!released) void replace(signal ?? `exit code ${String(code)}`);
    });
  };
  const replace = async (end: string): Promise<void> => {
    log(`The watchdog of PostgreSQL has ended (${end}): starting another.`, 'warn');
    await sleep(REPLACEMENT_PAUSE_MILLISECONDS, undefined, { ref: false });
    if (released) return;
    await keep().catch((error: unknown) => {
      log(`${(error as Error).message}. If this process is killed, PostgreSQL goes on running.`, 'warn');
    });
  };
  await keep();
  return {
    release: () => {
      released = true;
      release(current);
    },
  };
}

function release(watchdog: ChildProcess): void {
  watchdog.stdin?.end('released');
}

/**
 * Starts a process that outlives this one and stops the server when this one is gone, however it ended: the operating
 * system closes the pipe between them. It keeps neither Node's event loop nor a terminal's session busy. When Node runs as
 * root it does so too, which lets it signal a server of any user.
 */
async function startWatchdog(watched: WatchedServer): Promise<ChildProcess> {
  const environment = { ...process.env };
  // Options such as --inspect or --require are meant for the application.
  delete environment['NODE_OPTIONS'];
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, JSON.stringify(watched)], {
    cwd: parse(process.execPath).root,
    env: environment,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  const spawned = once(child, 'spawn');
  child.on('error', () => undefined);
  // It may be gone when it is released: somebody ended it by hand.
  child.stdin?.on('error', () => undefined);
  try {
    await spawned;
  } catch (cause) {
    throw new Error(`The watchdog of PostgreSQL could not be started: ${(cause as Error).message}`, { cause });
  }
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}

/**
 * A string, because it runs from compiled code and from TypeScript alike and the build copies no files. It signals the
 * server itself: the programs may have been removed meanwhile, and `pg_ctl stop` could hit the server of a later start.
 */
const SCRIPT = `
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { dataDir, address, signal, foldersToRemove } = JSON.parse(process.argv[1]);

for await (const message of process.stdin) process.exit(0);

async function listedServer() {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port, socketFolder] = text.split('\\n').map((line) => line.trim());
  const isOurs = Number(port) === address.port && socketFolder === (address.socketFolder ?? '');
  return isOurs ? Number(pid) : undefined;
}

// The file may be left from a crash, and the process id be given to somebody else since.
function listens() {
  const { socketFolder, port } = address;
  return new Promise((resolve) => {
    const socket = socketFolder ? connect(join(socketFolder, '.s.PGSQL.' + port)) : connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('connect', () => socket.destroy());
    socket.on('error', () => resolve(false));
  });
}

function send(pid, name) {
  try {
    process.kill(pid, name);
  } catch {}
}

// The start may still be under way: the file appears a little later then.
const START_MILLISECONDS = 5000;
const FAST_STOP_MILLISECONDS = 10000;
const GIVE_UP_MILLISECONDS = 60000;
const began = Date.now();
let signalledAt;
let escalated = false;
for (;;) {
  const now = Date.now();
  const pid = await listedServer();
  if (signalledAt === undefined) {
    if (pid !== undefined && (await listens())) {
      signalledAt = now;
      send(pid, signal);
    } else if (now - began > START_MILLISECONDS) break;
  } else if (pid === undefined || now - began > GIVE_UP_MILLISECONDS) {
    break;
  } else if (!escalated && now - signalledAt > FAST_STOP_MILLISECONDS) {
    escalated = true;
    send(pid, 'SIGQUIT');
  }
  await sleep(20);
}
for (const folder of foldersToRemove) await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
`;
