import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CoreModule } from '../core/index.js';
import { CommandLogger } from './command-logger.js';
import type { Session } from './session.js';

/** Runs work with the Nest application context of the service. */
export async function withServices<T>(
  { settings, server }: Session,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const context = await NestFactory.createApplicationContext(CoreModule.register(settings, server.connection), {
    logger: new CommandLogger(),
    abortOnError: false,
  });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}
