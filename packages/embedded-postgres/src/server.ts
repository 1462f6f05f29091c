import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster } from './cluster.js';
import { claimOwnership } from './owner.js';
import type { Log } from './log.js';
import { quitOrphans } from './orphans.js';
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
import { identityOf, isAliveAtAGlance } from './process-table.js';
import { createSocketFolder, prepareSocketFolder } from './socket-folder.js';
import { freePort, isPortFree, LOOPBACK } from './tcp-port.js';
import { keepWatchdog } from './watchdog.js';

export interface ServerRequest {
  cluster: Cluster;
  /** Configuration parameters beside those of the address. */
  settings: Record<string, string>;
  /** Listens on 127.0.0.1 as well: on this port, or on another one when it is taken. On Windows it does so always. */
  tcpPort?: number | undefined;
  /** `immediate` alone gives up what isn't in the log yet: for throw-away clusters. */
  stopModes?: [StopMode, ...StopMode[]];
  /** Removed by the watchdog, together with the socket's folder, when Node dies. */
  removeWhenNodeDies?: string[];
  log: Log;
}

export interface Address extends ListenAddress {
  /** The port is open on 127.0.0.1, too. */
  tcp: boolean;
}

export interface RunningServer {
  address: Address;
  /** Whether its main process lives. */
  isRunning(): Promise<boolean>;
  /**
   * Starts it at the same address after its main process has ended; PostgreSQL recovers what was committed.
   *
   * @throws Error when it doesn't start, or another server runs on the folder.
   */
  startAgain(): Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const PORT_TRIES = 5;
const LOCK_RETRY_SECONDS = 10;
const LOCK_RETRY_PAUSE_MILLISECONDS = 250;
const DEFAULT_PORT = 5432;

/**
 * Starts a server on an existing cluster, with a watchdog beside it. Tries again while something that is just ending holds
 * the folder (10 s) and when somebody else gets hold of the TCP port (5 times).
 *
 * @throws Error of the last attempt.
 */
export async function startServer(request: ServerRequest): Promise<RunningServer> {
  const { cluster, log } = request;
  const giveUpAt = Date.now() + LOCK_RETRY_SECONDS * 1000;
  let portTry = 1;
  await rotateServerLog(cluster.dataDir);
  for (;;) {
    await removeStalePostmasterPid(cluster.dataDir, log);
    const address = await chooseAddress(request, portTry);
    try {
      return await startOnce(request, address);
    } catch (error) {
      if (await readPostmasterPid(cluster.dataDir)) {
        // A server that ended by itself takes its file along: this one is another's, whose last processes may be ending.
        if (Date.now() > giveUpAt) throw error;
        await sleep(LOCK_RETRY_PAUSE_MILLISECONDS);
      } else if (address.tcp && portTry < PORT_TRIES && !(await isPortFree(address.port))) {
        portTry += 1;
      } else {
        throw error;
      }
    }
  }
}

async function chooseAddress({ cluster, tcpPort, log }: ServerRequest, portTry: number): Promise<Address> {
  const socketFolder = process.platform === 'win32' ? undefined : await createSocketFolder(cluster.user);
  if (tcpPort === undefined && socketFolder !== undefined) return { socketFolder, port: DEFAULT_PORT, tcp: false };
  if (tcpPort !== undefined && portTry === 1 && (await isPortFree(tcpPort))) {
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
  const watchdog = await keepWatchdog(
    {
      dataDir,
      address: { socketFolder, port },
      signal: stopModes[0] === 'fast' ? 'SIGINT' : 'SIGQUIT',
      foldersToRemove: [...(socketFolder === undefined ? [] : [socketFolder]), ...(request.removeWhenNodeDies ?? [])],
    },
    log,
  );
  let postmaster: ProcessIdentity | undefined;
  try {
    postmaster = await startAt(request, address);
  } catch (error) {
    // A start that took too long may still succeed.
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
    isRunning: async () => postmaster !== undefined && (await isAliveAtAGlance(postmaster)),
    startAgain: async () => {
      postmaster = await startAgainAt(request, address);
    },
    stop: () => (stopped ??= stop()),
  };
}

/** @returns its main process, undefined when that has ended already. */
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

async function startAgainAt(request: ServerRequest, address: Address): Promise<ProcessIdentity | undefined> {
  const { cluster, log } = request;
  const { dataDir, user } = cluster;
  const found = await findStartedPostmaster(dataDir);
  if (found) {
    // The start before this one took too long, and has succeeded or still may.
    if (listensAt(found, address) && found.status === 'ready') return postmasterAt(dataDir, address);
    const which = listensAt(found, address) ? 'that is still starting' : 'of another process';
    throw new Error(`A PostgreSQL server ${which} (process ${found.pid}) holds ${dataDir}.`);
  }
  await quitOrphans(dataDir);
  await removeStalePostmasterPid(dataDir, log);
  await prepareSocketFolder(address, user);
  await claimOwnership(dataDir, address, user);
  return startAt(request, address);
}

async function postmasterAt(dataDir: string, address: Address): Promise<ProcessIdentity | undefined> {
  const postmaster = await findPostmaster(dataDir);
  return postmaster && listensAt(postmaster, address) ? identityOf(postmaster.pid) : undefined;
}

/** After a crash of the server somebody else's may run on the folder: that one isn't ours to stop. */
async function stopIfListening(cluster: Cluster, address: Address, modes: StopMode[]): Promise<void> {
  const postmaster = await findPostmaster(cluster.dataDir);
  if (postmaster && listensAt(postmaster, address)) await stopPostmaster(cluster, modes);
}
