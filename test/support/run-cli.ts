import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const MAIN = 'dist/src/cli/main.js';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a built command in a process of its own.
 *
 * @param input what it gets on stdin
 * @param output what it writes to, as a file descriptor; otherwise what it writes is returned
 */
export async function runCli(
  args: readonly string[],
  variables: Record<string, string>,
  input = '',
  output: number | 'pipe' = 'pipe',
): Promise<CliResult> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run "npm run build" first, as "npm test" does`);
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, ...variables },
    stdio: ['pipe', output, 'pipe'],
  });
  // A command that reads nothing may be gone before.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const written = (stream: Readable | null) => (stream ? text(stream) : '');
  const [stdout, stderr] = await Promise.all([written(child.stdout), written(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
