import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Injectable, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { AgentMetricsModule, AgentMetricsService, AnalyticsService } from '../../../src/agent-metrics/index.js';
import { CustodyModule, CustodyService } from '../../../src/custody/index.js';
import { loadSettings } from '../../../src/config/index.js';
import { toSettings } from '../../../src/agent-metrics/options.js';
import { deleteAllAgents, FixedClock } from '../../../src/testing.js';
import { toCustodySettings } from '../../../src/custody/options.js';
import { connect, createHostDatabase, type HostDatabase } from './host-database.js';

const NOW = new Date('2026-03-01T12:00:00Z');

/** A service of a module that imports neither AgentMetricsModule nor CustodyModule. */
@Injectable()
class Feature {
  constructor(
    readonly agents: AgentMetricsService,
    readonly custody: CustodyService,
  ) {}
}

@Module({ providers: [Feature] })
class FeatureModule {}

@Module({})
class HostModule {}

describe('the options of the modules', () => {
  let host: HostDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    host = await createHostDatabase();
    dataSource = await connect(host.options);
    await AgentMetricsModule.migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await host.drop();
  });

  const start = (imports: NonNullable<DynamicModule['imports']>): Promise<INestApplicationContext> =>
    NestFactory.createApplicationContext({ module: HostModule, imports }, { logger: false, abortOnError: false });

  it('have the defaults of the settings of the service', () => {
    const { rules, commitQueueSize, custody, evaluator } = loadSettings({});
    expect(toSettings({})).toEqual({ rules, commitQueueSize });
    expect(toCustodySettings({})).toEqual({ custody, evaluator });
  });

  it('can be provided asynchronously, for a global module with a clock and default agents', async () => {
    const metrics = AgentMetricsModule.forRootAsync({
      dataSource,
      isGlobal: true,
      defaultAgents: true,
      useFactory: () => ({ clock: new FixedClock(NOW), rules: { windows: { testHistory: 1 } } }),
    });
    const custody = CustodyModule.forRootAsync({
      metrics,
      isGlobal: true,
      useFactory: () => ({ propose: { passWindowMs: 1 } }),
    });
    const app = await start([metrics, custody, FeatureModule]);
    const { agents, custody: gates } = app.get(Feature, { strict: false });
    const { items } = await agents.getAllAgentMetrics();
    expect(items.map(({ agent_type }) => agent_type)).toEqual(['imperium', 'guardian', 'sandbox', 'conquest']);
    await agents.updateCustodyTestResult('guardian', { passed: true, score: 1, duration: 1 });
    await agents.updateCustodyTestResult('guardian', { passed: true, score: 2, duration: 1 });
    expect(await agents.getAgentMetrics('guardian')).toMatchObject({
      last_test_date: NOW,
      test_history: [{ score: 2 }],
    });
    expect(await gates.checkEligibility('propose', 'guardian')).toMatchObject({ eligible: true });
    await app.close();
  });

  it.each([
    ['AgentMetricsModule', true, false],
    ['CustodyModule', false, true],
  ])('require an access policy for the controllers of %s', async (_, ofMetrics, ofCustody) => {
    const metrics = AgentMetricsModule.forRoot({ dataSource, controllers: ofMetrics });
    const imports = [metrics, CustodyModule.forRoot({ metrics, controllers: ofCustody })];
    const starting = NestFactory.create({ module: HostModule, imports }, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    await expect(starting).rejects.toThrow(
      'The REST API needs an access policy. Set the option access of AgentMetricsModule: "host"',
    );
  });

  it('leave the routes out without controllers', async () => {
    const metrics = AgentMetricsModule.forRoot({ dataSource });
    const imports = [metrics, CustodyModule.forRoot({ metrics })];
    const app = await NestFactory.create({ module: HostModule, imports }, new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const statuses = ['agent-metrics', 'custody'].map(async (path) => (await fetch(`${url}/api/${path}`)).status);
    expect(await Promise.all(statuses)).toEqual([404, 404]);
    await app.close();
  });

  it('ignore failures of onRecorded', async () => {
    const metrics = AgentMetricsModule.forRoot({
      dataSource,
      onRecorded: () => {
        throw new Error('the host fails');
      },
    });
    const app = await start([metrics]);
    const service = app.get(AgentMetricsService, { strict: false });
    expect(await service.updateLearningMetrics('sandbox', { xp_awarded: 1 })).toMatchObject({ replayed: false });
    await dataSource.transaction((manager) => service.updateLearningMetrics('sandbox', { xp_awarded: 1 }, { manager }));
    expect(await service.getAgentMetrics('sandbox')).toMatchObject({ xp: 2 });
    await app.close();
  });

  it('have helpers for tests', async () => {
    const clock = new FixedClock(NOW);
    clock.advance(1_000);
    const app = await start([AgentMetricsModule.forRoot({ dataSource, clock })]);
    const service = app.get(AgentMetricsService, { strict: false });
    const result = { passed: true, score: 1, duration: 1 };
    await service.updateCustodyTestResult('guardian', result);
    clock.set(NOW);
    expect((await service.getAgentMetrics('guardian')).last_test_date).toEqual(new Date(NOW.getTime() + 1_000));
    await deleteAllAgents(dataSource, { schema: 'public' });
    expect((await service.getAllAgentMetrics()).items).toEqual([]);
    expect(await service.updateCustodyTestResult('guardian', result)).toMatchObject({ created: true, version: 2 });
    expect(await app.get(AnalyticsService, { strict: false }).getSummary()).toMatchObject({ total_agents: 1 });
    await deleteAllAgents(dataSource);
    await app.close();
  });
});
