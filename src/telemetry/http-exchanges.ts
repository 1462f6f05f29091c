import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Exchanges } from '../http/exchange/index.js';

/** Returns the exchanges of the HTTP server; undefined without a server, as in CLI commands. */
export function getExchanges({ httpAdapter }: HttpAdapterHost): Exchanges | undefined {
  return (httpAdapter as FastifyAdapter | undefined)?.getInstance().exchanges;
}
