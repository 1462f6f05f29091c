import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerUser } from 'lvlup-embedded-postgres/testing';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 20;
const KEPT_OUTPUT = 4_000;

interface DaemonOptions {
  program: string;
  args: string[];
  /** Where it serves, on 127.0.0.1. */
  port: number;
  /** Signal for an orderly end. */
  stopSignal: NodeJS.Signals;
  folder: string;
  user: ServerUser | undefined;
}

/** A program that serves in the foreground. */
export class Daemon {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: DaemonOptions,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.output = (this.output + chunk).slice(-KEPT_OUTPUT);
      });
    }
  }

  static async start(options: DaemonOptions): Promise<Daemon> {
    const { program, args, folder, user } = options;
    const { PATH = '' } = process.env;
    const child = spawn(program, args, { cwd: folder, env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'], ...user });
    await once(child, 'spawn');
    const daemon = new Daemon(child, options);
    await daemon.untilServing();
    return daemon;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Ends it in order, or by SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const exit = once(this.child, 'exit');
    this.child.kill(this.options.stopSignal);
    const limit = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exit;
    clearTimeout(limit);
  }

  private async untilServing(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await isOpen(this.options.port))) {
      if (this.hasEnded || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.options.program} did not start: ${this.output}`);
      }
      await sleep(POLL_MS);
    }
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
