import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';

/** Time limit of each step of a start or a stop. */
export const STEP_LIMIT_SECONDS = 60;

/** Bytes kept from the end of a program's output. */
const KEPT_OUTPUT_BYTES = 64_000;

export interface ProgramOptions {
  /** User that runs the program. Requires root. */
  user?: { uid: number; gid: number } | undefined;
  environment?: Record<string, string>;
  /** Default: 60. */
  limitSeconds?: number;
}

export interface ProgramResult {
  /** Null if a signal ended the program. */
  exitCode: number | null;
  /** Standard output and standard error, interleaved. */
  output: string;
}

/**
 * Runs a program to its end.
 *
 * @param file absolute path; PostgreSQL locates its libraries and files from argv[0]
 * @throws Error if the program cannot be started, or does not end within the limit (it is killed then)
 */
export async function runProgram(file: string, args: string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  // A file, not a pipe: on Windows the server would keep pg_ctl's pipe open, and an initdb that outlives Node would die of a
  // broken pipe and leave shared memory behind.
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
      // The server's user may be unable to enter Node's working directory.
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
      reject(new Error(`${file} could not be started: ${cause.message}`, { cause }));
    });
    child.on('exit', (exitCode) => {
      clearTimeout(limit);
      if (isLate) reject(new Error(`${file} was killed because it did not end within ${limitSeconds} s.`));
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

/** Without PGPORT, PGDATA and others, which concern other servers. With English messages. */
function environmentWithoutPostgres(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
