import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeOwner, nobody, nodeRunsAsRoot, runProgram, type ServerUser } from 'lvlup-embedded-postgres/testing';
import { Daemon } from './daemon.js';

/** A temporary folder, and the unprivileged user whose programs work there: PostgreSQL and PgBouncer refuse root. */
export class Workplace {
  private constructor(
    readonly folder: string,
    private readonly user: ServerUser | undefined,
  ) {}

  static async create(): Promise<Workplace> {
    const user = nodeRunsAsRoot() ? await nobody() : undefined;
    // Not TMPDIR, which as root may be a folder that the user cannot enter.
    const folder = await mkdtemp('/tmp/lvlup-cluster-');
    await changeOwner(user, folder);
    return new Workplace(folder, user);
  }

  async write(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content, { mode: 0o600 });
    await changeOwner(this.user, path);
    return path;
  }

  async emptyFolder(name: string): Promise<string> {
    const path = join(this.folder, name);
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
    await mkdir(path, { mode: 0o700 });
    await changeOwner(this.user, path);
    return path;
  }

  /** Runs a program to its end. */
  async run(program: string, args: string[], environment: Record<string, string> = {}): Promise<void> {
    const { exitCode, output } = await runProgram(program, args, { user: this.user, environment });
    if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}: ${output}`);
  }

  /** Starts a program that serves in the foreground at this port of 127.0.0.1, and waits until it does. */
  async serve(program: string, args: string[], port: number, stopSignal: NodeJS.Signals): Promise<Daemon> {
    return Daemon.start({ program, args, port, stopSignal, folder: this.folder, user: this.user });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
