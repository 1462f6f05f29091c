import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ExpressAdapter } from 'nest-platform-express';
import { AgentMetricsModule } from '../../src/agent-metrics/agent-metrics.module.js';
import { AccessModule } from '../../src/auth/access.module.js';
import type { AccessPolicy } from '../../src/auth/access-policy.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { ENTITIES } from '../../src/bootstrap/entities.js';
import { ClockModule } from '../../src/common/clock.module.js';
import { loadSettings } from '../../src/config/settings.js';
import { SettingsModule } from '../../src/config/settings.module.js';
import { CustodyModule } from '../../src/custody/custody.module.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { buildDataSourceOptions } from '../../src/database/schema/data-source-options.js';
import { mountControllers } from '../../src/http/controllers/mount-controllers.js';
import { LegacyCustodyModule } from '../../src/legacy-custody/legacy-custody.module.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export const PLATFORMS = ['fastify', 'express'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** An application of somebody else, which mounts the modules and has none of the globals of `createApp`. */
export interface HostApp {
  app: INestApplication;
  database: TestDatabase;
  url: string;
  /** Sends a request; an object is sent as JSON, a string as it is with the JSON content type. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HostResponse>;
  close(): Promise<void>;
}

export interface HostResponse {
  status: number;
  headers: Headers;
  text: string;
}

export interface HostOptions {
  policy: AccessPolicy;
  allowedOrigins?: string[];
  /** Environment variables that differ from the defaults. */
  variables?: Record<string, string>;
  /** Mounts the modules once under each of these prefixes. Default: under `api`. */
  prefixes?: string[];
  /** Modules of the host. */
  modules?: Type[];
  /** Configures the application before it is initialised. */
  configure?: (app: INestApplication) => void;
}

export async function startHostApp(
  platform: Platform,
  { policy, allowedOrigins, variables = {}, prefixes, modules = [], configure }: HostOptions,
): Promise<HostApp> {
  const database = await createTestDatabase();
  const settings = loadSettings({ CONNECTION_POOL_SIZE: '2', ...variables });
  const { pool, prepare, timeouts } = settings.database;
  const host: DynamicModule = {
    module: HostModule,
    imports: [
      SettingsModule.register(settings),
      DatabaseModule.register(buildDataSourceOptions(database.connection, { ...pool, prepare, ...timeouts }, ENTITIES)),
      ClockModule,
      AuthModule,
      AccessModule.register(policy, allowedOrigins),
      ...(prefixes === undefined ? [LegacyCustodyModule] : prefixes.map((prefix) => mountModules(prefix))),
      ...modules,
    ],
  };
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(host, adapter, { logger: false, abortOnError: false });
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    database,
    url,
    send: (method, path, body, headers) => send(url + path, method, body, headers),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

@Module({})
class HostModule {}

/** Copies of the modules, with their controllers under the prefix. */
function mountModules(prefix: string): Type {
  const copies = new Map<unknown, Type>();
  const copy = (original: Type): Type => {
    const existing = copies.get(original);
    if (existing) return existing;
    const read = (key: string) => (Reflect.getMetadata(key, original) ?? []) as Type[];
    const replace = (types: Type[]) => types.map((type) => (MODULES.includes(type) ? copy(type) : type));
    const MountedModule = class {
      readonly prefix = prefix;
    };
    copies.set(original, MountedModule);
    Module({
      imports: replace(read('imports')),
      controllers: mountControllers(prefix, read('controllers')),
      providers: read('providers'),
      exports: replace(read('exports')),
    })(MountedModule);
    return MountedModule;
  };
  return copy(LegacyCustodyModule);
}
const MODULES: Type[] = [AgentMetricsModule, CustodyModule, LegacyCustodyModule];

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HostResponse> {
  const init =
    body === undefined
      ? { headers }
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        };
  const response = await fetch(url, { method, ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
