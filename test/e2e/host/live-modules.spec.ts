import { afterEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpressAdapter } from 'nest-platform-express';
import { DataSource } from 'typeorm';
import {
  AgentFeed,
  AgentMetricsModule,
  AgentMetricsService,
  CustodyModule,
  FeedModule,
  WebhookEndpoints,
  WebhooksModule,
} from '../../../src/index.js';
import { openEventSource } from '../../support/event-source.js';
import { PLATFORMS, type Platform } from '../../support/host-app.js';
import { serve, type ServedApp } from '../../support/served-app.js';
import { createTestDatabase } from '../../support/test-database.js';
import { startReceiver } from '../../support/webhook-receiver.js';

const RESULT = { passed: false, score: 20, duration: 1 };

@Module({})
class HostModule {}

let app: ServedApp;
afterEach(() => app.close());

async function start(platform: Platform): Promise<void> {
  const database = await createTestDatabase();
  const metrics = AgentMetricsModule.forRoot({ access: 'host', controllers: { prefix: 'scores' } });
  const custody = CustodyModule.forRoot({ metrics });
  const feed = FeedModule.forRoot({ metrics, controllers: { prefix: 'scores' } });
  const webhooks = WebhooksModule.forRoot({
    custody,
    feed,
    controllers: { prefix: 'scores' },
    allowPrivate: true,
    retryDelaysMs: [50, 50],
  });
  const host: DynamicModule = {
    module: HostModule,
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url: database.url, poolSize: 4 }),
      metrics,
      custody,
      feed,
      webhooks,
    ],
  };
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  app = await serve(await NestFactory.create(host, adapter, { logger: false, abortOnError: false }), database);
}

describe.each(PLATFORMS)('a host on %s', (platform) => {
  it('serves the feed, and sends webhooks, also of events in its own transactions', async () => {
    await start(platform);
    const receiver = await startReceiver();
    const service = app.app.get(AgentMetricsService, { strict: false });
    const created = await app.send('POST', '/scores/webhooks', { url: receiver.url, types: ['test.failed'] });
    expect(created.status).toBe(201);
    const { endpoint, secret } = JSON.parse(created.text) as { endpoint: { id: string }; secret: string };
    const source = await openEventSource(`${app.url}/scores/feed`);
    expect(source.status).toBe(200);
    await app.app.get(DataSource).transaction(async (manager) => {
      await service.updateCustodyTestResult('guardian', RESULT, { manager });
    });
    await source.until(() => source.events<{ type: string }>().some(({ type }) => type === 'custody_test'));
    await receiver.until(() => receiver.accepted().length === 1);
    expect(receiver.accepted()).toEqual(['test.failed guardian 2']);
    expect(receiver.verify(secret)).toBe(1);
    source.close();
    const following: string[] = [];
    for await (const { agent_type, version } of app.app.get(AgentFeed, { strict: false }).follow({ after: 0 })) {
      following.push(`${agent_type} ${version}`);
      if (following.includes('guardian 2')) break;
    }
    expect(await app.app.get(WebhookEndpoints, { strict: false }).get(endpoint.id)).toMatchObject({ state: 'enabled' });
    await receiver.close();
  });
});
