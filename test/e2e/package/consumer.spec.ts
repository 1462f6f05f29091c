import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CONSUMER_COMPILER_OPTIONS, packPackage } from '../../support/packed-package.js';

const run = promisify(execFile);
const NAME = 'lvlup-agent-metrics';
const CONSUMER = 'test/e2e/package/consumer';
const PROGRAM_OUTPUT = { migrations: true, sameTypeorm: true };

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-consumer-'));
  const installed = join(folder, 'node_modules', NAME);
  await mkdir(installed, { recursive: true });
  const { tarball } = await packPackage(folder);
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  for (const name of [...(await findRequiredPackages()), '@types/node', 'reflect-metadata']) await link(name);
  await cp(CONSUMER, folder, { recursive: true });
  const files = ['application.mts', 'application.cts'];
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: CONSUMER_COMPILER_OPTIONS, files }));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
});
afterAll(() => rm(folder, { recursive: true }));

/** Dependencies and required peers: without Fastify, and without the packages of development. */
async function findRequiredPackages(): Promise<string[]> {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const isRequired = (name: string) => peerDependenciesMeta[name]?.optional !== true;
  return Object.keys({ ...dependencies, ...peerDependencies }).filter(isRequired);
}

async function link(name: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(resolve('node_modules', name), path, 'junction').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

async function runNode(args: readonly string[]): Promise<unknown> {
  const { PATH = '' } = process.env;
  const { stdout } = await run(process.execPath, args, { cwd: folder, env: { PATH } });
  return JSON.parse(stdout) as unknown;
}

describe('an application without Fastify that installs the package', () => {
  it('type-checks and runs as ESM, and as CommonJS where Node can require ESM', async () => {
    const compiled = await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], {
      cwd: folder,
    }).catch((error: unknown) => error as { stdout: string });
    expect(compiled.stdout).toBe('');
    expect(await runNode(['out/application.mjs'])).toEqual(PROGRAM_OUTPUT);
    const { require_module = false } = process.features as { require_module?: boolean };
    if (require_module) {
      expect(await runNode(['--disable-warning=ExperimentalWarning', 'out/application.cjs'])).toEqual(PROGRAM_OUTPUT);
    }
  });

  it('imports it without side effects: reads no environment variable, opens nothing', async () => {
    const report = await runNode(['side-effects.mjs']);
    expect(report).toMatchObject({ read: [], opened: [] });
    expect((report as { exports: string[] }).exports).toMatchSnapshot();
  });

  it('runs its CLI', async () => {
    const main = join('node_modules', NAME, 'dist', 'src', 'cli', 'main.js');
    const { PATH = '', TEST_SERVER = '' } = process.env;
    const env = { PATH, DATABASE_URL: TEST_SERVER };
    const { stdout } = await run(process.execPath, [main, 'db', 'ping'], { cwd: folder, env });
    expect(stdout).not.toBe('');
  });
});
