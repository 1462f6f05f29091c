// Runs a CLI command. Builds first if a source file is newer than the build.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = 'dist/src/cli/main.js';
const SOURCES = [
  'src',
  'packages/embedded-postgres/src',
  'swagger-plugin',
  'ormconfig.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];

/** Time of the newest file, in milliseconds; 0 if there is none. */
function getNewestTime(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return entry?.mtimeMs ?? 0;
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => getNewestTime(join(path, name))));
}

if (Math.max(...SOURCES.map(getNewestTime)) > getNewestTime(MAIN)) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['inherit', 2, 'inherit'], shell: true });
  if (status !== 0) process.exit(status ?? 1);
}
await import('../dist/src/cli/main.js');
