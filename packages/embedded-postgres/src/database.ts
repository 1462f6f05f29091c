import pg from 'pg';

import { STEP_LIMIT_SECONDS } from './program.js';

export interface ConnectionSettings {
  /** Folder of the Unix socket, or 127.0.0.1. */
  host: string;
  port: number;
  user: string;
  database: string;
  /** Undefined for a Unix socket. */
  password?: string;
}

/** SQLSTATEs of CREATE DATABASE for an existing database, and for one that is being created concurrently. */
const ALREADY_EXISTS = ['42P04', '23505'];

export async function createDatabaseIfMissing(connection: ConnectionSettings): Promise<void> {
  await withSession({ ...connection, database: 'postgres' }, async (session) => {
    const found = await session.query('SELECT FROM pg_database WHERE datname = $1', [connection.database]);
    if (found.rowCount !== 0) return;
    try {
      await session.query(`CREATE DATABASE ${session.escapeIdentifier(connection.database)}`);
    } catch (error) {
      // A guest may create the same database concurrently.
      if (!ALREADY_EXISTS.includes((error as pg.DatabaseError).code ?? '')) throw error;
    }
  });
}

export async function setPassword(connection: ConnectionSettings, password: string): Promise<void> {
  await withSession({ ...connection, database: 'postgres' }, async (session) => {
    const role = session.escapeIdentifier(connection.user);
    await session.query(`ALTER ROLE ${role} PASSWORD ${session.escapeLiteral(password)}`);
  });
}

async function withSession(connection: ConnectionSettings, work: (session: pg.Client) => Promise<void>): Promise<void> {
  const limit = STEP_LIMIT_SECONDS * 1000;
  const session = new pg.Client({
    ...connection,
    // Overrides PGSSLMODE, which concerns other servers.
    ssl: false,
    connectionTimeoutMillis: limit,
    statement_timeout: limit,
  });
  session.on('error', () => undefined);
  await session.connect();
  try {
    await work(session);
  } finally {
    await session.end();
  }
}
