import type pg from 'pg';
import { getErrorMessage } from '../../common/index.js';
import type { DatabaseConnection, ServerAddress, SessionTarget } from '../../config/index.js';
import type { ClientClass } from './client-class.js';
import { isNotReady } from '../errors/index.js';

/** SQLSTATE: the client cannot establish the connection. */
const UNABLE_TO_CONNECT = '08001';
/** Time for which a selection stays valid, in milliseconds. Connections are often opened in groups. */
const TRUSTED_MS = 1_000;

/** State of a server. `read_only` is the default of transactions. */
interface ServerKind {
  standby: boolean;
  read_only: boolean;
}
const KIND = `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only`;
const FITS: Record<SessionTarget, (kind: ServerKind) => boolean> = {
  any: () => true,
  'read-write': ({ read_only }) => !read_only,
  'read-only': ({ read_only }) => read_only,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
};

/**
 * Selects one of the servers of a connection: the last selected one, or else the next one, in the order of the URL, that
 * accepts connections and is in the required state.
 */
export class ServerChoice {
  private readonly servers: readonly ServerAddress[];
  private readonly target: SessionTarget;
  private chosen = 0;
  private trustedUntil = 0;
  private choosing: Promise<ServerAddress> | undefined;

  constructor(
    { host, port, alternatives = [], sessionTarget = 'any' }: DatabaseConnection,
    private readonly Client: ClientClass,
    private readonly config: pg.ClientConfig,
  ) {
    this.servers = [{ host, port }, ...alternatives];
    this.target = sessionTarget;
  }

  /**
   * Selects a server. The connection timeout applies to all servers together.
   *
   * @throws Error of class 08 with the reason for each server; immediately on a permanent error, such as a wrong password
   */
  async select(): Promise<ServerAddress> {
    const server = this.servers[this.chosen];
    if (server && Date.now() < this.trustedUntil) return server;
    this.choosing ??= this.choose().finally(() => {
      this.choosing = undefined;
    });
    return this.choosing;
  }

  /** Invalidates the selection. */
  invalidate(): void {
    this.trustedUntil = 0;
  }

  private async choose(): Promise<ServerAddress> {
    const reasons: string[] = [];
    for (let turn = 0; turn < this.servers.length; turn++) {
      const index = (this.chosen + turn) % this.servers.length;
      const server = this.servers[index];
      if (!server) break;
      const reason = await this.findObstacle(server);
      if (reason === null) {
        this.chosen = index;
        this.trustedUntil = Date.now() + TRUSTED_MS;
        return server;
      }
      reasons.push(`${server.host}:${server.port} (${reason})`);
    }
    const error = new Error(`none of the servers can be used: ${reasons.join(', ')}`);
    throw Object.assign(error, { code: UNABLE_TO_CONNECT });
  }

  /** Reason why the server cannot be used; null if it can. */
  private async findObstacle(server: ServerAddress): Promise<string | null> {
    const limit = (this.config.connectionTimeoutMillis ?? 0) / this.servers.length;
    const client = new this.Client({
      ...this.config,
      ...server,
      connectionTimeoutMillis: limit,
      query_timeout: limit,
    });
    try {
      await client.connect();
      const {
        rows: [kind],
      } = await client.query<ServerKind>(KIND);
      return kind && FITS[this.target](kind) ? null : `not ${this.target}`;
    } catch (error) {
      if (!isNotReady(error)) throw error;
      return getErrorMessage(error);
    } finally {
      void client.end();
    }
  }
}
