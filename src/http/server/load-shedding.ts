import underPressure from '@fastify/under-pressure';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { getRouteKind, type RouteKind } from '../exchange/index.js';
import { behind } from './errors.js';

/** How full the queue of writes may be while reads are answered, 0–1. A full one refuses writes by itself. */
const QUEUE_SHARE_FOR_READS = 0.5;
/** How many times later than for reads the event loop may be for writes. */
const DELAY_FOR_WRITES = 2;

/** Time after the start for which the delay of the event loop is ignored: samples of a second still contain the start. */
const START_MS = 2_000;

/** How much there is to do. */
export interface Load {
  /** Mean of the last second; Infinity if the event loop turned at most once in it. */
  eventLoopDelayMs: number;
  /** How full the queue of writes is, 0–1. */
  queueShare: number;
}

/** Whether requests of this kind are refused: reads first, writes last, and what operators ask and the files of the dashboard never. */
export function isShed(kind: RouteKind, { eventLoopDelayMs, queueShare }: Load, maxDelayMs: number): boolean {
  switch (kind) {
    case 'operations':
    case 'assets':
      return false;
    case 'read':
      return eventLoopDelayMs > maxDelayMs || queueShare >= QUEUE_SHARE_FOR_READS;
    case 'write':
      return eventLoopDelayMs > maxDelayMs * DELAY_FOR_WRITES;
  }
}

/** Refuses requests while the service is behind with those that it has, before anything is done for them. */
export async function shedLoad(fastify: FastifyInstance, maxDelayMs: number, queueShare: () => number): Promise<void> {
  // Without limits it only measures: it knows neither the queue nor the kinds of routes.
  await fastify.register(underPressure);
  const logger = new Logger('LoadShedding');
  let isShedding = false;
  let ignoredUntil = 0;
  fastify.addHook('onListen', (done) => {
    ignoredUntil = performance.now() + START_MS;
    done();
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const eventLoopDelayMs = performance.now() < ignoredUntil ? 0 : fastify.memoryUsage().eventLoopDelay;
    const load = { eventLoopDelayMs, queueShare: queueShare() };
    const isBehind = isShed('read', load, maxDelayMs);
    // Once each way: a line for each request would make it worse.
    if (isBehind !== isShedding) {
      isShedding = isBehind;
      const figures = `event loop ${Math.round(load.eventLoopDelayMs)} ms late, commit queue ${Math.round(load.queueShare * 100)} % full`;
      if (isBehind) logger.warn(`Refusing requests: ${figures}`);
      else logger.log(`Refusing no more requests: ${figures}`);
    }
    done(isBehind && isShed(getRouteKind(request), load, maxDelayMs) ? behind() : undefined);
  });
}
