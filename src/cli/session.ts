import { DataSource } from 'typeorm';
import { loadSettings, type Settings } from '../config/index.js';
import { ENTITIES } from '../bootstrap/index.js';
import { buildDataSourceOptions } from '../database/schema/index.js';
import { type DatabaseServer, openDatabaseServer } from '../database/server/index.js';

/** What a command works with. */
export interface Session {
  settings: Settings;
  server: DatabaseServer;
}

/**
 * Runs a command on the database server that the environment names. The embedded server is joined when a service runs it,
 * and otherwise started for as long as the command takes.
 *
 * @param log receives what happens to the server
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

/** Runs work on connections to the server itself, whose statements may take as long as they take. */
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
