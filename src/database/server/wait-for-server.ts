import { setTimeout as sleep } from 'node:timers/promises';
import { getErrorMessage } from '../../common/index.js';
import { type DatabaseConnection, formatServers } from '../../config/index.js';
import { selectClientClass, buildClientConfig } from '../client/index.js';
import { isNotReady } from '../errors/index.js';

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
  const address = formatServers(connection);
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      await connectOnce(connection);
      return;
    } catch (error) {
      if (!isNotReady(error) || Date.now() + RETRY_DELAY_MS > deadline) {
        throw new Error(`The database at ${address} can't be used: ${getErrorMessage(error)}. Check DATABASE_URL.`, {
          cause: error,
        });
      }
      if (attempt === 1) {
        log(
          `The database at ${address} isn't reachable yet (${getErrorMessage(error)}); trying for ${timeoutMs / 1_000} s`,
        );
      }
      await sleep(RETRY_DELAY_MS);
    }
  }
}

async function connectOnce(connection: DatabaseConnection): Promise<void> {
  const client = new (selectClientClass(connection))(buildClientConfig(connection));
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}
