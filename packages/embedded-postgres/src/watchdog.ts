import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from './log.js';
import type { ListenAddress } from './postmaster-pid.js';

/** A server that the watchdog stops, and the files that it removes. */
export interface WatchedServer {
  dataDir: string;
  /** Distinguishes the server from a later one of another process on the same folder. */
  address: ListenAddress;
  /** SIGINT: `pg_ctl stop -m fast`. SIGQUIT: `-m immediate`. */
  signal: 'SIGINT' | 'SIGQUIT';
  /** Removed after the end of the server. */
  foldersToRemove: string[];
}

export interface Watchdog {
  /** Ends the watchdog without effect on the server. */
  release(): void;
}

const REPLACEMENT_PAUSE_MILLISECONDS = 1_000;

/**
 * Starts a watchdog, and another one if it ends before its release.
 *
 * @throws Error if the first one cannot be started
 */
export async function startWatchdog(watched: WatchedServer, log: Log): Promise<Watchdog> {
  let released = false;
  let current: ChildProcess;
  const keep = async (): Promise<void> => {
    current = await spawnWatchdog(watched);
    if (released) release(current);
    current.once('exit', (code, signal) => {
      if (!released) void replace(signal ?? `exit code ${String(code)}`);
    });
  };
  const replace = async (end: string): Promise<void> => {
    log(`The watchdog of PostgreSQL ended (${end}) and is being replaced.`, 'warn');
    await sleep(REPLACEMENT_PAUSE_MILLISECONDS, undefined, { ref: false });
    if (released) return;
    await keep().catch((error: unknown) => {
      log(`${(error as Error).message}. If this process is killed, PostgreSQL continues to run.`, 'warn');
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
 * Starts a process that outlives this one and stops the server when this one ends for any reason: the operating system closes
 * the pipe between them. It holds neither Node's event loop nor the terminal's session. It runs as Node's user; as root it can
 * signal a server of any user.
 */
async function spawnWatchdog(watched: WatchedServer): Promise<ChildProcess> {
  const environment = { ...process.env };
  // Options such as --inspect and --require concern the application.
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
  // The watchdog may have been killed before its release.
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
 * A string, so that it runs from the build and from TypeScript sources. It signals the server itself: the programs may have been
 * removed meanwhile, and `pg_ctl stop` could stop the server of a later start.
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

// The file may remain from a crash, and its process id may have been reused.
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

// During a start, the file appears after a delay.
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
