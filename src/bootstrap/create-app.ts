import { type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GroupCommit } from '../agent-metrics/index.js';
import { Callers, requireScopes, identifyCallers } from '../auth/index.js';
import { ProblemFilter } from '../http/problems/index.js';
import type { HttpSettings, Settings } from '../config/index.js';
import {
  allowOrigins,
  type CountRequest,
  createHttpAdapter,
  createRateLimit,
  serveDashboard,
  shedLoad,
  trackMethods,
} from '../http/server/index.js';
import { serveDocs } from '../http/openapi/index.js';

/**
 * Creates the application as it is served by `main.ts` and by the tests. It is initialised, but does not listen yet.
 *
 * @param countRequest counts requests for the rate limit. Default: this process counts
 */
export async function createApp(
  module: DynamicModule | Type,
  settings: Settings,
  logger: LoggerService | false,
  countRequest?: CountRequest,
): Promise<NestFastifyApplication> {
  const adapter = createHttpAdapter(settings.http);
  const addOtherMethods = trackMethods(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  allowOrigins(app, settings.http.corsOrigins);
  await guardRequests(app, settings.http, countRequest);
  app.useGlobalFilters(new ProblemFilter());
  serveDocs(app);
  await app.init();
  addOtherMethods();
  return app;
}

/** Registers the checks that every request passes before its body is read, in this order. */
async function guardRequests(
  app: NestFastifyApplication,
  { maxEventLoopDelayMs, rateLimit, corsOrigins }: HttpSettings,
  countRequest: CountRequest | undefined,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const commits = app.get(GroupCommit);
  const callers = app.get(Callers);
  // Before the limits: the page itself states that the service is overloaded, and tries again.
  await serveDashboard(fastify);
  await shedLoad(fastify, maxEventLoopDelayMs, () => commits.waitingCount / commits.waitingLimit);
  const limitRate = await createRateLimit(fastify, rateLimit, countRequest);
  identifyCallers(fastify, callers, limitRate);
  if (rateLimit !== undefined) fastify.addHook('onRequest', limitRate);
  requireScopes(fastify, callers, corsOrigins);
}
