import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Exchanges } from '../http/exchange/index.js';

/** The exchanges of the application's server; undefined: it has none, as commands have. */
export function getExchanges({ httpAdapter }: HttpAdapterHost): Exchanges | undefined {
  return (httpAdapter as FastifyAdapter | undefined)?.getInstance().exchanges;
}
