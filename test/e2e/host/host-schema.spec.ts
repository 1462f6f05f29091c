import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AgentMetricsModule, AgentMetricsService, type AgentMetricsOptions } from '../../../src/agent-metrics/index.js';
import { CustodyModule } from '../../../src/custody/index.js';
import { ENTITIES } from '../../../src/core/index.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { connect, createHostDatabase, type HostDatabase } from './host-database.js';

describe('the tables in the database of a host', () => {
  let host: HostDatabase;
  beforeAll(async () => {
    host = await createHostDatabase();
  });
  afterAll(async () => {
    await host.drop();
  });

  const start = (dataSource: DataSource, options: AgentMetricsOptions = {}) => {
    @Module({ imports: [AgentMetricsModule.forRoot({ dataSource, ...options })] })
    class HostModule {}
    return NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
  };

  it('are named by the start if they are missing', async () => {
    const dataSource = await connect(host.options);
    await expect(start(dataSource)).rejects.toThrow(
      'The tables of AgentMetricsModule do not exist in the schema public. Call AgentMetricsModule.migrate(dataSource, { schema })',
    );
    await expect(start(dataSource, { schema: 'nowhere' })).rejects.toThrow('do not exist in the schema nowhere');
    await dataSource.destroy();
  });

  it.each(['', 'a.b', 'a"b', 'x'.repeat(64)])('cannot be in a schema named %j', async (schema) => {
    const dataSource = new DataSource(host.options);
    await expect(AgentMetricsModule.migrate(dataSource, { schema })).rejects.toThrow(
      'The schema must be 1 to 63 bytes',
    );
  });

  it('are created once by concurrent calls', async () => {
    const dataSource = new DataSource(host.options);
    const calls = await Promise.all([1, 2, 3].map(() => AgentMetricsModule.migrate(dataSource)));
    expect(calls.map((names) => names.length).sort()).toEqual([0, 0, MIGRATIONS.length]);
    expect(await AgentMetricsModule.migrate(dataSource)).toEqual([]);
  });

  it('are named by the start if a migration is pending', async () => {
    const dataSource = await connect(host.options);
    const { name } = MIGRATIONS.at(-1) ?? {};
    await dataSource.query('UPDATE agent_metrics_migrations SET name = $1 WHERE name = $2', ['kept', name]);
    await expect(start(dataSource)).rejects.toThrow(`are pending in the schema public: ${name ?? ''}.`);
    await dataSource.query('UPDATE agent_metrics_migrations SET name = $2 WHERE name = $1', ['kept', name]);
    await dataSource.destroy();
  });

  it.each<[string, Partial<DataSourceOptions>]>([
    ['without the entities', { entities: [] }],
    ['with the entities', { entities: ENTITIES }],
  ])('show no difference to synchronize and migration:generate %s', async (_, options) => {
    const dataSource = await connect({ ...host.options, ...options } as DataSourceOptions);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await dataSource.destroy();
  });

  it('can be created by the migrations of the host', async () => {
    const other = await createHostDatabase();
    const dataSource = await connect({ ...other.options, migrations: MIGRATIONS, migrationsTableName: 'of_host' });
    await dataSource.runMigrations();
    const app = await start(dataSource);
    await app.get(AgentMetricsService, { strict: false }).createDefaultAgents();
    await app.close();
    expect(await other.database.query("SELECT to_regclass('agent_metrics_migrations') AS own")).toEqual([
      { own: null },
    ]);
    await dataSource.destroy();
    await other.drop();
  });

  it('are created at the start on request', async () => {
    const dataSource = await connect(host.options);
    const app = await start(dataSource, { schema: 'on_request', migrate: true });
    const service = app.get(AgentMetricsService, { strict: false });
    expect(await service.updateCustodyXp('nobody', 1).catch((error: unknown) => error)).toMatchObject({
      code: 'agent_not_found',
    });
    await app.close();
    await dataSource.destroy();
  });

  it('of several modules are independent', async () => {
    const dataSource = await connect(host.options);
    const [one, other] = await Promise.all(
      ['one', 'other'].map((schema) => start(dataSource, { schema, migrate: true, rules: { maxXpAwarded: 5 } })),
    );
    const services = [one, other].map((app) => app?.get(AgentMetricsService, { strict: false }));
    await services[0]?.updateLearningMetrics('guardian', { xp_awarded: 5 });
    await expect(services[0]?.updateLearningMetrics('guardian', { xp_awarded: 6 })).rejects.toMatchObject({
      code: 'rule_violated',
    });
    await expect(services[1]?.getAgentMetrics('guardian')).rejects.toMatchObject({ code: 'agent_not_found' });
    await one?.close();
    await other?.close();
    await dataSource.destroy();
  });

  it.each<[unknown, string]>([
    [{ rules: { passMark: 101 } }, 'rules.passMark: Too big'],
    [{ rules: { passMark: '70' } }, 'rules.passMark: Invalid input'],
    [{ rules: { windows: { testHistory: 0 } } }, 'rules.windows.testHistory: Too small'],
    [{ rules: { sizes: { document: 2.5 } } }, 'rules.sizes.document: Invalid input'],
    [{ rules: { unknown: 1 } }, 'rules: Unrecognized key'],
    [{ commitQueueSize: NaN }, 'commitQueueSize: Invalid input'],
    [{ timeouts: { statementMs: -1 } }, 'timeouts.statementMs: Too small'],
    [{ migrat: true }, 'Unrecognized key: "migrat"'],
    [{ clock: {} }, 'clock: must have a method now'],
    [{ onRecorded: 5 }, 'onRecorded: must be a function'],
    [{ keys: { adminKey: 'short' } }, 'keys.adminKey: must be 32 to 512 printable ASCII characters'],
  ])('options %j are refused', async (options, reason) => {
    const dataSource = await connect(host.options);
    await expect(start(dataSource, options as AgentMetricsOptions)).rejects.toThrow(
      `Invalid options of AgentMetricsModule: ${reason}`,
    );
    await dataSource.destroy();
  });

  it.each<[unknown, string]>([
    [{ schedule: { testIntervalMs: NaN } }, 'schedule.testIntervalMs: Invalid input'],
    [{ schedule: 'x' }, 'schedule: Invalid input'],
    [{ propose: { unknown: 1 } }, 'propose: Unrecognized key'],
    [{ levelUp: { minPassRate: -5 } }, 'levelUp.minPassRate: Too small'],
    [{ evaluator: { url: 'nonsense' } }, 'evaluator.url: must be an http:// or https:// URL'],
  ])('options %j of CustodyModule are refused', async (options, reason) => {
    const dataSource = await connect(host.options);
    const metrics = AgentMetricsModule.forRoot({ dataSource });
    @Module({ imports: [metrics, CustodyModule.forRoot({ metrics, ...(options as object) })] })
    class HostModule {}
    const starting = NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    await expect(starting).rejects.toThrow(`Invalid options of CustodyModule: ${reason}`);
    await dataSource.destroy();
  });

  it('need an initialized DataSource', async () => {
    await expect(start(new DataSource(host.options))).rejects.toThrow('is not initialized');
  });
});
