import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';

/** No step of starting or stopping the server may take longer. */
export const STEP_LIMIT_SECONDS = 60;

/** Enough for the last lines of any of the programs. */
const KEPT_OUTPUT_BYTES = 64_000;

export interface ProgramOptions {
  /** Runs the program as this user, which only root can do. */
  user?: { uid: number; gid: number } | undefined;
  environment?: Record<string, string>;
  /** Default: 60. */
  limitSeconds?: number;
}

export interface ProgramResult {
  /** Null when a signal ended the program. */
  exitCode: number | null;
  /** Standard output and standard error, in the order they came. */
  output: string;
}

/**
 * Runs a program to its end.
 *
 * @param file absolute path: it becomes argv[0], from which PostgreSQL finds its own libraries and files.
 * @throws Error when the program can't be started (`cause` tells why) or isn't done within the limit (it is killed then).
 */
export async function runProgram(file: string, args: string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  // Not a pipe: on Windows the server would keep pg_ctl's open for good, and an initdb that outlives Node would end by it
  // halfway and leave shared memory behind.
  const outputFile = join(tmpdir(), `lvlup-pg-output-${randomUUID()}`);
  const output = await open(outputFile, 'ax+', 0o600);
  try {
    await rm(outputFile);
    return { exitCode: await exitCodeOf(file, args, options, output), output: await endOf(output) };
  } finally {
    await output.close();
  }
}

function exitCodeOf(
  file: string,
  args: string[],
  { user, environment, limitSeconds = STEP_LIMIT_SECONDS }: ProgramOptions,
  output: FileHandle,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      // The user of the server may be unable to enter the folder Node was started in.
      cwd: parse(process.execPath).root,
      env: { ...environmentWithoutPostgres(), ...environment },
      stdio: ['ignore', output.fd, output.fd],
      windowsHide: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, limitSeconds * 1000);
    child.on('error', (cause) => {
      clearTimeout(limit);
      reject(new Error(`${file} could not be run: ${cause.message}`, { cause }));
    });
    child.on('exit', (exitCode) => {
      clearTimeout(limit);
      if (isLate) reject(new Error(`${file} was ended because it was not done within ${limitSeconds} s.`));
      else resolve(exitCode);
    });
  });
}

async function endOf(output: FileHandle): Promise<string> {
  const { size } = await output.stat();
  const length = Math.min(size, KEPT_OUTPUT_BYTES);
  const { buffer } = await output.read({ buffer: Buffer.alloc(length), length, position: size - length });
  return buffer.toString('utf8').trim();
}

/** PGPORT, PGDATA and their like are meant for another server; the messages that are shown should be in English. */
function environmentWithoutPostgres(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
