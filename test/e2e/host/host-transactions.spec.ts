import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { AgentMetricsModule, AgentMetricsService } from '../../../src/agent-metrics/index.js';
import { connect, createHostDatabase, type HostDatabase } from './host-database.js';

const PASSED = { passed: true, score: 95, duration: 12.5 };

describe('a joined write', () => {
  let host: HostDatabase;
  let dataSource: DataSource;
  const apps: INestApplicationContext[] = [];
  const recorded: string[] = [];

  const start = async (schema: string): Promise<AgentMetricsService> => {
    const metrics = AgentMetricsModule.forRoot({
      dataSource,
      schema,
      migrate: true,
      onRecorded: ({ agent_type, version }) => {
        recorded.push(`${agent_type} ${version}`);
      },
    });
    @Module({ imports: [metrics] })
    class HostModule {}
    const app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    apps.push(app);
    return app.get(AgentMetricsService, { strict: false });
  };
  let service: AgentMetricsService;
  let other: AgentMetricsService;
  beforeAll(async () => {
    host = await createHostDatabase();
    dataSource = await connect(host.options);
    service = await start('one');
    other = await start('two');
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await dataSource.destroy();
    await host.drop();
  });
  const agentTypes = async (agents: AgentMetricsService) =>
    (await agents.getAllAgentMetrics()).items.map(({ agent_type }) => agent_type).sort();

  it('that is still running when the transaction is rolled back is rolled back with it', async () => {
    for (let round = 0; round < 20; round++) {
      const writes: Promise<unknown>[] = [];
      const failing = dataSource.transaction(async (manager) => {
        writes.push(
          service.updateCustodyXp('nobody', 5, { manager }),
          service.updateCustodyTestResult(`late-${round}`, PASSED, { manager }),
        );
        await writes[0];
      });
      await expect(failing).rejects.toMatchObject({ code: 'agent_not_found' });
      await Promise.allSettled(writes);
    }
    expect(await agentTypes(service)).toEqual([]);
    expect(await dataSource.query('SELECT FROM one.agent_events')).toEqual([]);
  });

  it('that is not awaited is committed with the transaction; a later one is refused', async () => {
    let pending: Promise<unknown> = Promise.resolve();
    let late: unknown;
    await dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      pending = service.updateCustodyTestResult('pending', PASSED, { manager });
      late = manager;
    });
    expect(await pending).toMatchObject({ version: 2 });
    expect(await service.getAgentMetrics('pending')).toMatchObject({ version: 2 });
    await expect(service.resetAgentMetrics('pending', { manager: late as never })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('of one module does not change the schema of another', async () => {
    await dataSource.transaction((manager) =>
      Promise.all(
        [0, 1, 2, 3].flatMap((index) => [
          service.updateCustodyTestResult(`one-${index}`, PASSED, { manager }),
          other.updateCustodyTestResult(`two-${index}`, PASSED, { manager }),
        ]),
      ),
    );
    expect(await agentTypes(service)).toEqual(['one-0', 'one-1', 'one-2', 'one-3', 'pending']);
    expect(await agentTypes(other)).toEqual(['two-0', 'two-1', 'two-2', 'two-3']);
  });

  it('is not announced if PostgreSQL rolls the transaction back at its COMMIT', async () => {
    await dataSource.transaction(async (manager) => {
      await service.updateCustodyTestResult('swallowed', PASSED, { manager });
      await manager.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(service.getAgentMetrics('swallowed')).rejects.toMatchObject({ code: 'agent_not_found' });
    expect(recorded.filter((change) => change.startsWith('swallowed'))).toEqual([]);
  });

  it('is announced after the DataSource was initialized again', async () => {
    await dataSource.destroy();
    await dataSource.initialize();
    await dataSource.transaction((manager) => service.updateCustodyTestResult('again', PASSED, { manager }));
    expect(recorded).toContain('again 2');
  });

  it('reports a lost connection as such', async () => {
    const failing = dataSource.transaction(async (manager) => {
      const [{ pid }] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await host.database.query('SELECT pg_terminate_backend($1)', [pid]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await service.updateCustodyTestResult('lost', PASSED, { manager });
    });
    await expect(failing).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('is needed if the pool has no other connection', async () => {
    const small = await connect({ ...host.options, poolSize: 1 });
    const metrics = AgentMetricsModule.forRoot({ dataSource: small, schema: 'one' });
    @Module({ imports: [metrics] })
    class HostModule {}
    const app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    const agents = app.get(AgentMetricsService, { strict: false });
    await small.transaction(async (manager) => {
      await manager.query('SELECT 1');
      await expect(agents.getAgentMetrics('again')).rejects.toMatchObject({ code: 'database_unavailable' });
      await agents.updateCustodyTestResult('again', PASSED, { manager });
    });
    expect(await agents.getAgentMetrics('again')).toMatchObject({ version: 3 });
    await app.close();
    await small.destroy();
  }, 30_000);
});
