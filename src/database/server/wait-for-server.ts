import { setTimeout as sleep } from 'node:timers/promises';
import { getErrorMessage } from '../../common/index.js';
import { type DatabaseConnection, formatServers } from '../../config/index.js';
import { selectClientClass, buildClientConfig } from '../client/index.js';
import { isNotReady } from '../errors/index.js';

const RETRY_DELAY_MS = 1_000;

/**
 * Waits until the server accepts connections. Fails immediately on permanent errors, such as a wrong password.
 *
 * @param timeoutMs maximum time to wait
 * @param log receives a message when the wait begins
 * @throws Error that names the server and the reason of the last attempt
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
        throw new Error(`The database at ${address} cannot be used: ${getErrorMessage(error)}. Check DATABASE_URL.`, {
          cause: error,
        });
      }
      if (attempt === 1) {
        log(
          `The database at ${address} is not reachable yet (${getErrorMessage(error)}); retrying for ${timeoutMs / 1_000} s`,
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
