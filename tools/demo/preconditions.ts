import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findPostmaster } from '../../packages/embedded-postgres/src/postmaster-pid.js';

/** File that marks a folder as one of the demo. */
const MARK = 'demo';

/** Refuses a port in use: the results would be recorded by the service that uses it. */
export async function assertPortIsFree(port: string): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw new Error('--port must be an integer from 1 to 65535.');
  const server = createServer();
  try {
    server.listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Error(`Port ${port} cannot be used (${code}). Stop the service there, or add "-- --port 8001".`, {
      cause: error,
    });
  } finally {
    server.close();
  }
}

/** Deletes the database of an earlier demo, and no other. */
export async function emptyFolder(folder: string, defaultFolder: string): Promise<void> {
  const database = join(folder, 'postgres');
  const mark = join(folder, MARK);
  if (existsSync(database) && !existsSync(mark) && folder !== defaultFolder)
    throw new Error(`${folder} contains a database that is not of a demo. Choose another folder.`);
  const running = await findPostmaster(database);
  if (running)
    throw new Error(`A demo is running on ${folder} (process ${running.pid}). Stop it, or add "-- --data FOLDER".`);
  await rm(database, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(mark, '');
}
