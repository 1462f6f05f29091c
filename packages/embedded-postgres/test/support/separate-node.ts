import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { transformFile } from '@swc/core';

import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../../src/embedded-postgres.js';
import { currentPlatform, platformPackage } from '../../src/platform.js';

const ourPackage = join(import.meta.dirname, '..', '..');
const ourName = 'lvlup-embedded-postgres';

/** Result of a start in a separate Node process. */
export interface Report {
  postgres?: Omit<EmbeddedPostgres, 'stop'>;
  error?: string;
  logged: string[];
}

const PROGRAM = `
import { startEmbeddedPostgres } from 'lvlup-embedded-postgres';
const { stopsOnRequest, ...options } = JSON.parse(process.argv[2]);
const logged = [];
const report = (result) => process.stdout.write(JSON.stringify({ ...result, logged }) + '\\n');
try {
  const postgres = await startEmbeddedPostgres({ ...options, log: (line) => logged.push(line) });
  report({ postgres });
  if (stopsOnRequest) process.stdin.resume().on('end', () => void postgres.stop());
} catch (error) {
  report({ error: error.message });
}
`;

const TEST_CLUSTER_PROGRAM = `
import { startTestCluster } from 'lvlup-embedded-postgres/testing';
const { url } = await startTestCluster();
process.stdout.write(JSON.stringify({ url }) + '\\n');
process.stdin.resume();
`;

/** An application with this package installed: compiled, with the packages it needs beside it. */
export class Installation {
  private readonly started: NodeProcess<unknown>[] = [];

  private constructor(readonly folder: string) {}

  /** With links to the packages of the repository. */
  static async create(folder: string): Promise<Installation> {
    const installation = await Installation.withoutPackages(folder);
    await linkPackage(folder, 'pg');
    await linkPackage(folder, platformPackage(currentPlatform()));
    return installation;
  }

  /** With copies of them, which tests may damage. */
  static async createWithCopies(folder: string): Promise<Installation> {
    const installation = await Installation.withoutPackages(folder);
    await copyPackage(folder, 'pg', ourPackage);
    await copyPackage(folder, platformPackage(currentPlatform()), ourPackage);
    return installation;
  }

  private static async withoutPackages(folder: string): Promise<Installation> {
    await compileInto(join(folder, 'node_modules', ourName));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'start.js'), PROGRAM);
    await writeFile(join(folder, 'start-test-cluster.js'), TEST_CLUSTER_PROGRAM);
    return new Installation(folder);
  }

  get binariesPackage(): string {
    return join(this.folder, 'node_modules', platformPackage(currentPlatform()));
  }

  /** Starts PostgreSQL in a separate Node process, optionally as another user. */
  start(options: Omit<EmbeddedPostgresOptions, 'log'>, user?: { uid: number; gid: number }): NodeProcess<Report> {
    return this.run('start.js', { ...options, stopsOnRequest: true }, user);
  }

  /** Likewise, without anything else that keeps Node running. */
  startAndDoNothing(options: Omit<EmbeddedPostgresOptions, 'log'>): NodeProcess<Report> {
    return this.run('start.js', options);
  }

  startTestCluster(): NodeProcess<{ url: string }> {
    return this.run('start-test-cluster.js', {});
  }

  /** Kills processes that a failed test left behind. Their servers end with them. */
  async killAll(): Promise<void> {
    for (const process of this.started.splice(0)) await process.kill();
  }

  private run<T>(program: string, options: object, user?: { uid: number; gid: number }): NodeProcess<T> {
    const process = new NodeProcess<T>(join(this.folder, program), options, user);
    this.started.push(process);
    return process;
  }
}

export class NodeProcess<T> {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  /** First line of output. */
  readonly report: Promise<T>;

  constructor(program: string, options: object, user?: { uid: number; gid: number }) {
    this.child = spawn(process.execPath, [program, JSON.stringify(options)], {
      cwd: dirname(program),
      stdio: ['pipe', 'pipe', 'inherit'],
      ...user,
    });
    this.ended = once(this.child, 'exit');
    this.report = this.firstLine();
    // A missing report concerns only those who await it.
    this.report.catch(() => undefined);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Requests a regular stop and returns Node's exit code. */
  async stop(): Promise<number | null> {
    this.child.stdin?.end();
    return this.whenEnded();
  }

  async whenEnded(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  private async firstLine(): Promise<T> {
    if (this.child.stdout) {
      for await (const line of createInterface({ input: this.child.stdout })) return JSON.parse(line) as T;
    }
    throw new Error('The process ended without a report.');
  }
}

/** From the sources, so that no test runs on an old build. */
async function compileInto(folder: string): Promise<void> {
  await mkdir(join(folder, 'dist'), { recursive: true });
  await cp(join(ourPackage, 'package.json'), join(folder, 'package.json'));
  for (const name of await readdir(join(ourPackage, 'src'))) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const { code } = await transformFile(join(ourPackage, 'src', name), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    await writeFile(join(folder, 'dist', name.replace(/\.ts$/, '.js')), code);
  }
}

async function linkPackage(folder: string, name: string): Promise<void> {
  const link = join(folder, 'node_modules', name);
  await mkdir(dirname(link), { recursive: true });
  await symlink(await sourceOf(name, ourPackage), link);
}

/** Copies a package with its dependencies, so that every user can read them even if the repository is private. */
async function copyPackage(folder: string, name: string, requiredFrom: string): Promise<void> {
  const source = await sourceOf(name, requiredFrom);
  await cp(source, join(folder, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const dependency of Object.keys(manifest.dependencies ?? {})) await copyPackage(folder, dependency, source);
}

/** Folder of an installed package, as Node finds it. */
async function sourceOf(name: string, requiredFrom: string): Promise<string> {
  const paths = createRequire(join(requiredFrom, 'package.json')).resolve.paths(name) ?? [];
  for (const path of paths) {
    const source = await realpath(join(path, name)).catch(() => undefined);
    if (source !== undefined) return source;
  }
  throw new Error(`The package ${name} is not installed.`);
}
