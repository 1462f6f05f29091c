import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpressAdapter } from 'nest-platform-express';
import { AgentMetricsModule } from '../../src/agent-metrics/agent-metrics.module.js';
import type { KeyOptions } from '../../src/agent-metrics/options.js';
import type { AccessPolicy } from '../../src/auth/access-policy.js';
import { CustodyModule } from '../../src/custody/custody.module.js';
import { LegacyCustodyModule } from '../../src/legacy-custody/legacy-custody.module.js';
import { serve, type ServedApp, type TextResponse } from './served-app.js';
import { createTestDatabase } from './test-database.js';

export const PLATFORMS = ['fastify', 'express'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** An application of somebody else, which mounts the modules and has none of the globals of `createApp`. */
export type HostApp = ServedApp;
export type HostResponse = TextResponse;

export interface HostOptions {
  policy?: AccessPolicy;
  allowedOrigins?: string[];
  keys?: KeyOptions;
  /** Mounts the modules once under each of these prefixes. Default: under `api`. */
  prefixes?: string[];
  /** Modules of the host. */
  modules?: Type[];
  /** Configures the application before it is initialised. */
  configure?: (app: INestApplication) => void;
}

export async function startHostApp(
  platform: Platform,
  { policy, allowedOrigins, keys, prefixes = ['api'], modules = [], configure }: HostOptions,
): Promise<HostApp> {
  const database = await createTestDatabase();
  const mount = (prefix: string): DynamicModule => {
    const metrics = AgentMetricsModule.forRoot({ access: policy, allowedOrigins, keys, controllers: { prefix } });
    const custody = CustodyModule.forRoot({ metrics, controllers: { prefix }, isGlobal: true });
    return LegacyCustodyModule.forRoot({ custody, prefix });
  };
  const host: DynamicModule = {
    module: HostModule,
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: database.url, poolSize: 4 }),
      ...prefixes.map(mount),
      ...modules,
    ],
  };
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(host, adapter, { logger: false, abortOnError: false });
  configure?.(app);
  return serve(app, database);
}

@Module({})
class HostModule {}
