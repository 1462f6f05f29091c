import { expect } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type ServiceProcess, startService } from '../support/service-process.js';

const POLL_MS = 20;

/** An instance of the service, which can be killed and started again at the same address. */
export class Instance {
  private readonly killed = new Set<number>();

  private constructor(
    private readonly variables: Record<string, string>,
    private process: ServiceProcess,
  ) {}

  static async start(databaseUrl: string, variables: Record<string, string> = {}): Promise<Instance> {
    const port = String(await freePort());
    const all = { DATABASE_URL: databaseUrl, PORT: port, LOG_LEVEL: 'warn', ...variables };
    return new Instance(all, await startService(all));
  }

  get url(): string {
    return this.process.url;
  }

  /** Output since the last start, without the warnings of each 503. */
  get errors(): string {
    const lines = this.process.output().split('\n');
    return lines.filter((line) => !line.includes('"level":"warn"')).join('\n');
  }

  /** Sends a signal that does not end the process. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.process.signal(signal);
  }

  /** Kills the process of a worker. Waits until it has one that serves requests. Requires LOG_LEVEL=info. */
  async killWorker(worker: number): Promise<void> {
    const line = new RegExp(`Worker ${worker} \\(process (\\d+)\\) serves`, 'g');
    for (;;) {
      const pid = Number([...this.process.output().matchAll(line)].at(-1)?.[1]);
      if (pid > 0 && !this.killed.has(pid)) {
        this.killed.add(pid);
        process.kill(pid, 'SIGKILL');
        return;
      }
      await sleep(POLL_MS);
    }
  }

  async kill(): Promise<void> {
    await this.process.end('SIGKILL');
  }

  async startAgain(): Promise<void> {
    this.process = await startService(this.variables);
  }

  /** Expects that it has lived until now, and that it stops in order. */
  async stop(): Promise<void> {
    expect(await this.process.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }
}
