import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster } from './cluster.js';
import { claimOwnership } from './owner.js';
import type { Log } from './log.js';
import { terminateOrphans } from './orphans.js';
import type { StopMode } from './postmaster.js';
import { rotateServerLog, startPostmaster, stopPostmaster } from './postmaster.js';
import type { ListenAddress } from './postmaster-pid.js';
import {
  findPostmaster,
  findStartedPostmaster,
  listensAt,
  readPostmasterPid,
  removeStalePostmasterPid,
} from './postmaster-pid.js';
import type { ProcessIdentity } from './process-table.js';
import { identityOf, isProbablyAlive } from './process-table.js';
import { createSocketFolder, prepareSocketFolder } from './socket-folder.js';
import { freePort, isPortFree, LOOPBACK } from './tcp-port.js';
import { startWatchdog } from './watchdog.js';

export interface ServerRequest {
  cluster: Cluster;
  /** Configuration parameters, except those of the address. */
  settings: Record<string, string>;
  /** Also listens on this port of 127.0.0.1, or on another one if it is taken. On Windows TCP is always used. */
  tcpPort?: number | undefined;
  /** `immediate` alone skips the flush: for temporary clusters. */
  stopModes?: [StopMode, ...StopMode[]];
  /** Removed by the watchdog, like the socket's folder, if Node dies. */
  foldersToRemove?: string[];
  log: Log;
}

export interface Address extends ListenAddress {
  /** True if the port is open on 127.0.0.1. */
  tcp: boolean;
}

export interface RunningServer {
  address: Address;
  /** Whether the postmaster is alive. */
  isRunning(): Promise<boolean>;
  /**
   * Starts the server again at the same address after its postmaster has ended. PostgreSQL recovers committed data.
   *
   * @throws Error if it does not start, or another server runs on the folder
   */
  restart(): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const PORT_ATTEMPTS = 5;
const LOCK_RETRY_SECONDS = 10;
const LOCK_RETRY_PAUSE_MILLISECONDS = 250;
const DEFAULT_PORT = 5432;

/**
 * Starts a server and its watchdog on an existing cluster. Retries while processes that are ending hold the folder (10 s), and
 * if another program takes the TCP port (5 attempts).
 *
 * @throws Error of the last attempt
 */
export async function startServer(request: ServerRequest): Promise<RunningServer> {
  const { cluster, log } = request;
  const giveUpAt = Date.now() + LOCK_RETRY_SECONDS * 1000;
  let portAttempt = 1;
  await rotateServerLog(cluster.dataDir);
  for (;;) {
    await removeStalePostmasterPid(cluster.dataDir, log);
    const address = await chooseAddress(request, portAttempt);
    try {
      return await startOnce(request, address);
    } catch (error) {
      if (await readPostmasterPid(cluster.dataDir)) {
        // A failed server removes its own file. This file belongs to another server, whose last processes may be ending.
        if (Date.now() > giveUpAt) throw error;
        await sleep(LOCK_RETRY_PAUSE_MILLISECONDS);
      } else if (address.tcp && portAttempt < PORT_ATTEMPTS && !(await isPortFree(address.port))) {
        portAttempt += 1;
      } else {
        throw error;
      }
    }
  }
}

async function chooseAddress({ cluster, tcpPort, log }: ServerRequest, portAttempt: number): Promise<Address> {
  const socketFolder = process.platform === 'win32' ? undefined : await createSocketFolder(cluster.user);
  if (tcpPort === undefined && socketFolder !== undefined) return { socketFolder, port: DEFAULT_PORT, tcp: false };
  if (tcpPort !== undefined && portAttempt === 1 && (await isPortFree(tcpPort))) {
    return { socketFolder, port: tcpPort, tcp: true };
  }
  const port = await freePort();
  if (tcpPort !== undefined) log(`TCP port ${tcpPort} is taken: PostgreSQL uses port ${port}.`);
  return { socketFolder, port, tcp: true };
}

async function startOnce(request: ServerRequest, address: Address): Promise<RunningServer> {
  const { cluster, stopModes = ['fast', 'immediate'], log } = request;
  const { dataDir } = cluster;
  const { socketFolder, port } = address;
  const removeSocketFolder = async () => {
    if (socketFolder !== undefined) await rm(socketFolder, { recursive: true, force: true });
  };
  await claimOwnership(dataDir, address, cluster.user);
  const watchdog = await startWatchdog(
    {
      dataDir,
      address: { socketFolder, port },
      signal: stopModes[0] === 'fast' ? 'SIGINT' : 'SIGQUIT',
      foldersToRemove: [...(socketFolder === undefined ? [] : [socketFolder]), ...(request.foldersToRemove ?? [])],
    },
    log,
  );
  let postmaster: ProcessIdentity | undefined;
  try {
    postmaster = await startAt(request, address);
  } catch (error) {
    // A start that timed out may still succeed.
    await stopIfListening(cluster, address, ['immediate']);
    watchdog.release();
    await removeSocketFolder();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await stopIfListening(cluster, address, stopModes);
    watchdog.release();
    await removeSocketFolder();
  };
  return {
    address,
    isRunning: async () => postmaster !== undefined && (await isProbablyAlive(postmaster)),
    restart: async () => {
      postmaster = await restartAt(request, address);
    },
    stop: () => (stopped ??= stop()),
  };
}

/** @returns the postmaster; undefined if it has already ended */
async function startAt({ cluster, settings }: ServerRequest, address: Address): Promise<ProcessIdentity | undefined> {
  const { socketFolder, port, tcp } = address;
  await startPostmaster(cluster, {
    ...settings,
    port: String(port),
    listen_addresses: tcp ? LOOPBACK : '',
    unix_socket_directories: socketFolder ?? '',
    unix_socket_permissions: '0700',
  });
  return postmasterAt(cluster.dataDir, address);
}

async function restartAt(request: ServerRequest, address: Address): Promise<ProcessIdentity | undefined> {
  const { cluster, log } = request;
  const { dataDir, user } = cluster;
  const found = await findStartedPostmaster(dataDir);
  if (found) {
    // An earlier start timed out, and has succeeded since or still may.
    if (listensAt(found, address) && found.status === 'ready') return postmasterAt(dataDir, address);
    const which = listensAt(found, address) ? 'that is still starting' : 'of another process';
    throw new Error(`A PostgreSQL server ${which} (process ${found.pid}) holds ${dataDir}.`);
  }
  await terminateOrphans(dataDir);
  await removeStalePostmasterPid(dataDir, log);
  await prepareSocketFolder(address, user);
  await claimOwnership(dataDir, address, user);
  return startAt(request, address);
}

async function postmasterAt(dataDir: string, address: Address): Promise<ProcessIdentity | undefined> {
  const postmaster = await findPostmaster(dataDir);
  return postmaster && listensAt(postmaster, address) ? identityOf(postmaster.pid) : undefined;
}

/** Does not stop a server of another process, which may run on the folder after a crash of this one. */
async function stopIfListening(cluster: Cluster, address: Address, modes: StopMode[]): Promise<void> {
  const postmaster = await findPostmaster(cluster.dataDir);
  if (postmaster && listensAt(postmaster, address)) await stopPostmaster(cluster, modes);
}
