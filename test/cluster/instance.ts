import { freePort, type ServiceProcess, startService } from '../support/service-process.js';

/** An instance of the service at an address of its own, which is ended and started again. */
export class Instance {
  private process: ServiceProcess | undefined;

  private constructor(readonly port: string) {}

  static async at(): Promise<Instance> {
    return new Instance(String(await freePort()));
  }

  async start(variables: Record<string, string>): Promise<void> {
    this.process = await startService({ PORT: this.port, LOG_LEVEL: 'warn', ...variables });
  }

  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** @throws Error when it does not stop in order */
  async stop(): Promise<void> {
    const end = await this.process?.end('SIGTERM');
    if (end?.code !== 0) throw new Error(`an instance ended with ${JSON.stringify(end)}: ${this.process?.output()}`);
  }
}
