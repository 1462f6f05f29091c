import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 100_000_000;

/** Compiler options of a project that uses the package. */
export const CONSUMER_COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmitOnError: true,
  outDir: 'out',
};

/** Runs npm and returns its standard output. */
export async function runNpm(args: readonly string[], cwd = '.'): Promise<string> {
  // npm is a batch file on Windows.
  const shell = process.platform === 'win32';
  const { stdout } = await run('npm', args, { cwd, shell, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

export interface PackedPackage {
  tarball: string;
  /** Paths of the files in the tarball. */
  files: string[];
}

/** Packs the package from the existing build. */
export async function packPackage(folder: string): Promise<PackedPackage> {
  const report = await runNpm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [packed] = JSON.parse(report) as { filename: string; files: { path: string }[] }[];
  if (!packed) throw new Error('npm pack reported no package');
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}
