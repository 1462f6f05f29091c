import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Runs commands with bash in a folder of its own. */
export interface Shell {
  run(command: string): Promise<{ code: number; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

/** Where curl is missing, the commands run a substitute for it. */
export async function openShell(): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), 'lvlup-docs-'));
  const { PATH = '' } = process.env;
  if (spawnSync('curl', ['--version']).error) {
    const substitute = join(folder, 'curl');
    await writeFile(substitute, `#!/bin/sh\nexec '${process.execPath}' '${resolve('test/e2e/docs/curl.mjs')}' "$@"\n`);
    await chmod(substitute, 0o755);
  }
  const env = { PATH: `${folder}${delimiter}${PATH}` };
  return {
    run: (command) =>
      new Promise((resolveRun) => {
        execFile('bash', ['--norc', '-c', command], { cwd: folder, env }, (error, stdout, stderr) => {
          resolveRun({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        });
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}
