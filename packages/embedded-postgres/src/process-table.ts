import { readFile, readdir, readlink, realpath } from 'node:fs/promises';

import { runProgram } from './program.js';

/** A live process: zombies hold nothing any more and count as gone. */
interface ProcessEntry {
  /** Differs between two processes that had the same id one after the other. */
  start: string;
  /** Program name on Linux and Windows, the whole command line elsewhere. */
  command: string;
  /** Known on Linux only, and only for processes Node may look into. */
  workingFolder: string | undefined;
}

/** A process, told apart from a later one that got the same id. */
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
 * The same, cheap enough to be asked twice a second: where a program would have to run for it, the start isn't compared. A
 * zombie, which a signal reaches, is only met where Node is process 1, as in a Linux container.
 */
export async function isAliveAtAGlance(identity: ProcessIdentity): Promise<boolean> {
  return process.platform === 'linux' ? isAlive(identity) : !isFree(identity.pid);
}

/** True when no process has the id. */
export function isFree(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** True when the process is a PostgreSQL server (or one of its workers, on Linux) that uses the data folder. */
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
 * Every PostgreSQL process on the data folder, whatever postmaster.pid says. After the death of the main process its
 * workers may live on for a while. On Windows always empty: there PostgreSQL guards the folder without the file.
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
  // "id (name) state ...": the name may hold spaces and brackets itself. The start, in ticks since boot, is field 22.
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
  // The start is five words, such as "Mon Nov 23 03:51:31 2026".
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
