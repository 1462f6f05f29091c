import type { INestApplication, Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import type { RecordedChange } from 'lvlup-agent-metrics';
import { AppModule, type Place } from './app.module.js';

/** Creates the application on the platform `express` or `fastify`, whichever is installed. */
export async function createApplication(
  platform: string,
  place: Place,
  onRecorded: (change: RecordedChange) => void = () => undefined,
): Promise<INestApplication> {
  const adapters = (await import(`@nestjs/platform-${platform}`)) as Record<string, Type<AbstractHttpAdapter>>;
  const Adapter = adapters[platform === 'express' ? 'ExpressAdapter' : 'FastifyAdapter'];
  if (!Adapter) throw new Error(`no adapter for ${platform}`);
  const module = AppModule.register(place, onRecorded);
  return NestFactory.create(module, new Adapter(), { logger: ['warn', 'error'], abortOnError: false });
}
