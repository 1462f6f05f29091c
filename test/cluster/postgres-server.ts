import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { waitForServer } from '../../src/database/server/wait-for-server.js';
import { killServer } from '../crash/kill-server.js';
import { freePort } from '../support/service-process.js';
import type { Daemon } from './daemon.js';
import type { Programs } from './programs.js';
import type { Workplace } from './workplace.js';

export const USER = 'postgres';
export const DATABASE = 'lvlup_cluster_test';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // An acknowledged write can be read on the standby: what the primary waits for when it has a synchronous standby.
  synchronous_commit: 'remote_apply',
  wal_keep_size: '256MB',
};
const START_LIMIT_MS = 30_000;
const REPLICATION_LIMIT_MS = 30_000;
const POLL_MS = 20;

/** A PostgreSQL server that is made anew, as a primary or as the standby of another. */
export class PostgresServer {
  private dataDir = '';
  private daemon: Daemon | undefined;

  private constructor(
    private readonly name: string,
    readonly port: number,
    private readonly password: string,
    private readonly programs: Programs,
    private readonly workplace: Workplace,
  ) {}

  /** A server that is still to be made. */
  static async at(name: string, password: string, programs: Programs, workplace: Workplace): Promise<PostgresServer> {
    return new PostgresServer(name, await freePort(), password, programs, workplace);
  }

  async startAsPrimary(): Promise<void> {
    this.dataDir = await this.workplace.emptyFolder(this.name);
    const passwordFile = await this.workplace.write('password', this.password);
    await this.workplace.run(this.programs.initdb, [
      ...['--pgdata', this.dataDir, '--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--no-sync', '--encoding', 'UTF8', '--no-locale'],
    ]);
    await this.start();
    await this.query(`CREATE DATABASE ${DATABASE}`, 'postgres');
  }

  /** Copies the primary and follows it; returns when the primary waits for it at every COMMIT. */
  async startAsStandbyOf(primary: PostgresServer): Promise<void> {
    this.dataDir = await this.workplace.emptyFolder(this.name);
    const source = ['--host', '127.0.0.1', '--port', String(primary.port), '--username', USER];
    await this.workplace.run(
      this.programs.pgBaseBackup,
      [...source, '--pgdata', this.dataDir, '--write-recovery-conf', '--checkpoint', 'fast', '--no-sync'],
      { PGPASSWORD: this.password },
    );
    await this.start();
    // Not in the copy: when the standby takes over, it has no standby that it could wait for.
    await primary.query(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
    await primary.query('SELECT pg_reload_conf()');
    const deadline = Date.now() + REPLICATION_LIMIT_MS;
    while ((await primary.query(`SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)).length === 0) {
      if (Date.now() > deadline) throw new Error('the standby does not follow');
      await sleep(POLL_MS);
    }
  }

  /** Makes the standby a primary, as an operator or Patroni does. */
  async promote(): Promise<void> {
    await this.workplace.run(this.programs.pgCtl, ['promote', '--pgdata', this.dataDir, '--wait']);
  }

  /** Ends all of its processes by SIGKILL. */
  async kill(): Promise<void> {
    await killServer(this.dataDir);
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  async query(sql: string, database = DATABASE): Promise<unknown[]> {
    const { port, password } = this;
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password, database });
    await client.connect();
    try {
      return (await client.query<pg.QueryResultRow>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  private async start(): Promise<void> {
    const settings = Object.entries({ ...SETTINGS, port: this.port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const { port, password, workplace, programs } = this;
    this.daemon = await workplace.serve(programs.postgres, ['-D', this.dataDir, ...settings], port, 'SIGQUIT');
    await waitForServer(
      parseDatabaseUrl(`postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`),
      START_LIMIT_MS,
      () => undefined,
    );
  }
}
