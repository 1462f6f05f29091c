import { DataSource } from 'typeorm';
import { loadSettings, type Settings } from '../config/index.js';
import { ENTITIES } from '../core/index.js';
import { buildDataSourceOptions } from '../database/schema/index.js';
import { type DatabaseServer, openDatabaseServer } from '../database/server/index.js';

/** Settings and database server of a CLI command. */
export interface Session {
  settings: Settings;
  server: DatabaseServer;
}

/**
 * Runs a CLI command on the configured database server. Joins the embedded PostgreSQL if a service runs it; otherwise
 * starts it for the duration of the command.
 *
 * @param log receives messages about the server
 */
export async function runInSession<T>(
  log: (message: string) => void,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const settings = loadSettings(process.env);
  const server = await openDatabaseServer(settings, log, 'join');
  try {
    return await work({ settings, server });
  } finally {
    await server.stop();
  }
}

/** Runs work on direct connections to the server, without statement timeouts. */
export async function withDataSource<T>(
  { server }: Session,
  connections: number,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = new DataSource(
    buildDataSourceOptions(server.direct, { size: connections, overflow: 0 }, ENTITIES),
  );
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
