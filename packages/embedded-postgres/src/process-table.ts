import { readFile, readdir, readlink, realpath } from 'node:fs/promises';

import { runProgram } from './program.js';

/** A live process. Zombies hold no resources and count as ended. */
interface ProcessEntry {
  /** Start time. Distinguishes successive processes with the same id. */
  start: string;
  /** Program name on Linux and Windows, the whole command line elsewhere. */
  command: string;
  /** Linux only, for processes that Node may inspect. */
  workingFolder: string | undefined;
}

/** Identifies a process, even after its id was reused. */
export interface ProcessIdentity {
  pid: number;
  start: string;
}

export function ownIdentity(): Promise<ProcessIdentity> {
  return identityOf(process.pid);
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  const entry = await readProcess(pid);
  return { pid, start: entry?.start ?? '' };
}

export async function isAlive({ pid, start }: ProcessIdentity): Promise<boolean> {
  const entry = await readProcess(pid);
  return entry?.start === start;
}

/**
 * Like `isAlive`, but cheap enough for polling: the start time is not compared where that would require a program. Zombies,
 * which still accept signals, occur only where Node is process 1, as in a Linux container.
 */
export async function isProbablyAlive(identity: ProcessIdentity): Promise<boolean> {
  return process.platform === 'linux' ? isAlive(identity) : !isFree(identity.pid);
}

/** True if no process has the id. */
export function isFree(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** True if the process is a PostgreSQL server on the data folder (on Linux: or one of its child processes). */
export async function isPostgresOn(dataDir: string, pid: number): Promise<boolean> {
  const entry = await readProcess(pid);
  if (!entry) return false;
  if (process.platform === 'linux') {
    if (entry.command !== 'postgres' || entry.workingFolder === undefined) return false;
    return entry.workingFolder === (await realpath(dataDir).catch(() => dataDir));
  }
  if (process.platform === 'win32') return entry.command === 'postgres';
  return entry.command.includes('postgres') && entry.command.includes(dataDir);
}

/**
 * All PostgreSQL processes on the data folder, regardless of postmaster.pid: child processes may outlive the postmaster. Empty
 * on Windows, where PostgreSQL protects the folder by other means.
 */
export async function postgresProcessesOn(dataDir: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await processIds()) {
    if (await isPostgresOn(dataDir, pid)) found.push(pid);
  }
  return found;
}

async function processIds(): Promise<number[]> {
  if (process.platform === 'linux') {
    return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  }
  if (process.platform === 'win32') return [];
  const { output } = await runProgram('/bin/ps', ['-axo', 'pid=,command=']);
  return output
    .split('\n')
    .filter((line) => line.includes('postgres'))
    .map((line) => Number.parseInt(line, 10));
}

function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (process.platform === 'linux') return readProcessOnLinux(pid);
  if (process.platform === 'win32') return readProcessOnWindows(pid);
  return readProcessByPs(pid);
}

async function readProcessOnLinux(pid: number): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // "id (name) state ...". The name may contain spaces and parentheses. Field 22 is the start, in ticks since boot.
  const nameEnd = stat.lastIndexOf(')');
  const fields = stat.slice(nameEnd + 2).split(' ');
  const [state, ticks] = [fields[0], fields[22 - 3]];
  if (state === undefined || 'ZX'.includes(state)) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return {
    start: `${boot.trim()}:${ticks ?? ''}`,
    command: stat.slice(stat.indexOf('(') + 1, nameEnd),
    workingFolder: await readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  };
}

async function readProcessByPs(pid: number): Promise<ProcessEntry | undefined> {
  const { output } = await runProgram('/bin/ps', ['-o', 'state=,lstart=,command=', '-p', String(pid)]);
  // The start has five words, such as "Mon Nov 23 03:51:31 2026".
  const [, state = 'Z', start = '', command = ''] = /^(\S+)\s+((?:\S+\s+){5})(.*)$/m.exec(output) ?? [];
  return state.startsWith('Z') ? undefined : { start: start.trim(), command, workingFolder: undefined };
}

async function readProcessOnWindows(pid: number): Promise<ProcessEntry | undefined> {
  const query = `$p = Get-Process -Id ${pid}; "$($p.StartTime.ToFileTimeUtc()) $($p.ProcessName)"`;
  const powershell = `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  const { output } = await runProgram(powershell, ['-NoProfile', '-NonInteractive', '-Command', query]);
  const [, start, command] = /^(\d+) (\S+)$/m.exec(output) ?? [];
  return start === undefined || command === undefined ? undefined : { start, command, workingFolder: undefined };
}
