import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../common/index.js';
import { type DatabaseConnection, serversOf } from '../../config/index.js';
import { clientClass, clientConfig } from '../client/index.js';
import { isNotReadyYet } from '../errors/index.js';

const RETRY_DELAY_MS = 1_000;

/**
 * Waits until the server takes connections. Gives up at once when waiting wouldn't help, such as on a wrong password.
 *
 * @param timeoutMs how long to wait at most
 * @param log receives a line when the waiting begins
 * @throws Error that names the server, and the reason of the last try
 */
export async function waitForServer(
  connection: DatabaseConnection,
  timeoutMs: number,
  log: (message: string) => void,
): Promise<void> {
  const address = serversOf(connection);
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      await connectOnce(connection);
      return;
    } catch (error) {
      if (!isNotReadyYet(error) || Date.now() + RETRY_DELAY_MS > deadline) {
        throw new Error(`The database at ${address} can't be used: ${messageOf(error)}. Check DATABASE_URL.`, {
          cause: error,
        });
      }
      if (attempt === 1) {
        log(`The database at ${address} isn't reachable yet (${messageOf(error)}); trying for ${timeoutMs / 1_000} s`);
      }
      await sleep(RETRY_DELAY_MS);
    }
  }
}

async function connectOnce(connection: DatabaseConnection): Promise<void> {
  const client = new (clientClass(connection))(clientConfig(connection));
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}
