import { randomBytes } from 'node:crypto';
import { type DatabaseConnection, parseDatabaseUrl } from '../../src/config/database-url.js';
import { startHaproxy } from './haproxy.js';
import { Instance } from './instance.js';
import { startPgBouncer } from './pgbouncer.js';
import { DATABASE, PostgresServer, USER } from './postgres-server.js';
import type { Programs } from './programs.js';
import { Workplace } from './workplace.js';

const INSTANCES = 3;
const POOL = { CONNECTION_POOL_SIZE: '5', MAX_OVERFLOW: '10' };
/** Long enough for HAProxy to see that an instance is not ready. */
const SHUTDOWN_DELAY_SECONDS = '1';

/** Three instances behind HAProxy; a PostgreSQL server behind PgBouncer, and another one for its standby. */
export class Cluster {
  url = '';
  primary!: PostgresServer;
  standby!: PostgresServer;
  readonly instances: Instance[] = [];
  private readonly password = randomBytes(12).toString('hex');
  private poolerPort = 0;
  private readonly started: { stop(): Promise<void> }[] = [];

  private constructor(private readonly workplace: Workplace) {}

  static async start(programs: Programs): Promise<Cluster> {
    const cluster = new Cluster(await Workplace.create());
    try {
      await cluster.startAll(programs);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Settings of instances on the primary behind PgBouncer. */
  throughPooler(): Record<string, string> {
    return {
      ...POOL,
      DATABASE_URL: this.urlOf(`127.0.0.1:${this.poolerPort}`),
      DATABASE_DIRECT_URL: this.urlOf(this.addressOf(this.primary)),
    };
  }

  /** Settings of instances on whichever of both servers takes writes. */
  onEitherServer(): Record<string, string> {
    const servers = [this.primary, this.standby].map((server) => this.addressOf(server)).join(',');
    const DATABASE_URL = `${this.urlOf(servers)}?target_session_attrs=read-write`;
    return { ...POOL, DATABASE_URL, SHUTDOWN_DELAY: SHUTDOWN_DELAY_SECONDS };
  }

  /** Content of the primary, read without the service. */
  connection(): DatabaseConnection {
    return parseDatabaseUrl(this.urlOf(this.addressOf(this.primary)));
  }

  async stop(): Promise<void> {
    for (const instance of this.instances) await instance.kill();
    for (const server of this.started.reverse()) await server.stop();
    await this.workplace.remove();
  }

  private async startAll(programs: Programs): Promise<void> {
    const { workplace, password } = this;
    this.primary = await PostgresServer.at('first', password, programs, workplace);
    this.standby = await PostgresServer.at('second', password, programs, workplace);
    this.started.push(this.primary, this.standby);
    await this.primary.startAsPrimary();
    const pooler = await startPgBouncer(programs, workplace, this.primary, password);
    this.started.push(pooler.daemon);
    this.poolerPort = pooler.port;
    for (let number = 0; number < INSTANCES; number++) {
      const instance = await Instance.at();
      this.instances.push(instance);
      await instance.start(this.throughPooler());
    }
    const ports = this.instances.map(({ port }) => port);
    const { daemon, url } = await startHaproxy(programs, workplace, ports);
    this.started.push(daemon);
    this.url = url;
  }

  private addressOf({ port }: PostgresServer): string {
    return `127.0.0.1:${port}`;
  }

  private urlOf(servers: string): string {
    return `postgresql://${USER}:${this.password}@${servers}/${DATABASE}`;
  }
}
