import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cluster } from './cluster.js';
import { ignoreMissing, lastLines, refuseUnsafePaths } from './cluster.js';
import { findPostmaster } from './postmaster-pid.js';
import { runProgram } from './program.js';

export type StopMode = 'fast' | 'immediate';

/** Below the time limit of a program, so that pg_ctl reports its own timeout. */
const START_LIMIT_SECONDS = 55;
const STOP_LIMIT_SECONDS = 10;

function serverLogFile(dataDir: string): string {
  return join(dataDir, 'server.log');
}

/** Keeps the log of the current and of the previous start, which bounds its size. */
export async function rotateServerLog(dataDir: string): Promise<void> {
  await rename(serverLogFile(dataDir), `${serverLogFile(dataDir)}.1`).catch(ignoreMissing);
}

/**
 * Starts the server and waits until it accepts connections.
 *
 * @param settings configuration parameters, whose values must not require quotes
 * @throws Error with pg_ctl's exit code and the last 20 lines of the server log
 */
export async function startPostmaster(cluster: Cluster, settings: Record<string, string>): Promise<void> {
  const { dataDir, binaries, user } = cluster;
  refuseUnsafePaths(cluster);
  const log = serverLogFile(dataDir);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const { exitCode, output } = await runProgram(
    binaries.pgCtl,
    ['start', '-w', '-t', String(START_LIMIT_SECONDS), '-D', dataDir, '-l', log, '-o', options.join(' ')],
    { user, environment: binaries.environment },
  );
  if (exitCode === 0) return;
  throw new Error(
    `PostgreSQL did not start on ${dataDir}: pg_ctl ended with exit code ${String(exitCode)}.\n${output}\n` +
      (await lastLogLines(dataDir)),
  );
}

/** Path and last 20 lines of the server log. */
export async function lastLogLines(dataDir: string): Promise<string> {
  const log = serverLogFile(dataDir);
  const logged = await readFile(log, 'utf8').catch(() => '');
  return `Last lines of ${log}:\n${lastLines(logged)}`;
}

/**
 * Stops the server on the folder, if any, and waits for its end: first `fast` (sessions are terminated, all data is flushed),
 * after 10 s `immediate` (the next start recovers from the write-ahead log).
 *
 * @throws Error if it does not stop
 */
export async function stopPostmaster(
  cluster: Cluster,
  modes: StopMode[] = ['fast', 'immediate'],
  limitSeconds = STOP_LIMIT_SECONDS,
): Promise<void> {
  const { dataDir, binaries, user } = cluster;
  let problem = '';
  for (const mode of modes) {
    if (!(await findPostmaster(dataDir))) return;
    const { output } = await runProgram(
      binaries.pgCtl,
      ['stop', '-w', '-t', String(limitSeconds), '-D', dataDir, '-m', mode],
      { user, environment: binaries.environment },
    );
    problem = output;
  }
  const left = await findPostmaster(dataDir);
  if (left) throw new Error(`PostgreSQL (process ${left.pid}) on ${dataDir} did not stop: ${problem}`);
}
