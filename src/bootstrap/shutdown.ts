import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../config/index.js';
import { AgentFeed } from '../feed/index.js';
import { HealthService } from '../health/index.js';
import type { HttpDrain } from '../http/server/index.js';
import type { ServiceLogger } from '../logging/index.js';

/** Share of the time for requests. The rest is for closing connections. */
const SHARE_OF_REQUESTS = 0.8;

/**
 * Ends the application in order: it is not ready from now on, HTTP ends, then the commits that clients wait for no more,
 * then the connections to the database. Nothing that was accepted in time is cut.
 *
 * @param onDrained runs when HTTP has ended
 */
export async function shutDown(
  app: NestFastifyApplication,
  drain: HttpDrain,
  { delayMs, timeoutMs }: Settings['shutdown'],
  logger: ServiceLogger,
  onDrained: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const deadline = Date.now() + timeoutMs * SHARE_OF_REQUESTS;
  app.get(HealthService, { strict: false }).announceShutdown();
  const cut = await drain.finish(Math.min(delayMs, timeoutMs * SHARE_OF_REQUESTS), deadline, () => {
    void app.get(AgentFeed, { strict: false }).closeReaders();
  });
  if (cut > 0) logger.warn(`${cut} connections were cut: their requests took too long`);
  await onDrained();
  await app.close();
}
