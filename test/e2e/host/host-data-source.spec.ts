import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AgentMetricsModule, AgentMetricsService, type AgentMetricsOptions } from '../../../src/agent-metrics/index.js';
import { CustodyModule, CustodyService } from '../../../src/custody/index.js';
import { ENTITIES } from '../../../src/core/index.js';
import { findTestRollupDifferences, verifyAgents } from '../../../src/verification/index.js';
import { connect, createHostDatabase, type HostDatabase } from './host-database.js';

const searchPath = (schema = 'public') => `-c search_path="${schema.replaceAll(' ', '\\ ')}"`;
const PASSED = { passed: true, score: 95, duration: 12.5 };

describe.each([
  ['the default DataSource', undefined, undefined],
  ['a named DataSource', 'agents', undefined],
  ['a schema of its own', undefined, 'Agent Metrics'],
])('a module on %s of the host', (_, name, schema) => {
  let host: HostDatabase;
  let app: INestApplicationContext;
  let service: AgentMetricsService;
  let dataSource: DataSource;
  const recorded: string[] = [];
  const options: AgentMetricsOptions = {
    schema,
    onRecorded: ({ agent_type, version }) => {
      recorded.push(`${agent_type} ${version}`);
    },
  };

  beforeAll(async () => {
    host = await createHostDatabase();
    await host.database.query('CREATE TABLE proposals (id integer PRIMARY KEY, made_at timestamptz)');
    const ofHost = { ...host.options, ...(name !== undefined && { name }) };
    expect(
      await AgentMetricsModule.migrate(new DataSource(ofHost), schema === undefined ? {} : { schema }),
    ).not.toEqual([]);
    const metrics = AgentMetricsModule.forRoot({ dataSource: name, ...options });

    @Module({ imports: [TypeOrmModule.forRoot(ofHost), metrics, CustodyModule.forRoot({ metrics })] })
    class HostModule {}
    app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
    service = app.get(AgentMetricsService);
    dataSource = app.get<DataSource>(getDataSourceToken(name));
  });
  afterAll(async () => {
    await app.close();
    await host.drop();
  });

  const countProposals = async () => (await host.database.query('SELECT id FROM proposals')).length;

  it('records and reads', async () => {
    const change = await service.updateCustodyTestResult('guardian', PASSED, { idempotencyKey: 'first' });
    expect(change).toMatchObject({ version: 2, created: true, replayed: false });
    expect(await service.getAgentMetrics('guardian')).toMatchObject({ total_tests_passed: 1, custody_xp: 10 });
    expect(await service.updateCustodyTestResult('guardian', PASSED, { idempotencyKey: 'first' })).toMatchObject({
      version: 2,
      replayed: true,
    });
    const custody = app.get(CustodyService);
    expect(await custody.checkEligibility('propose', 'guardian')).toMatchObject({ eligible: true });
    expect(recorded.filter((change) => change.startsWith('guardian'))).toEqual(['guardian 2']);
  });

  it('joins a transaction of the host, and restores its settings', async () => {
    await dataSource.transaction(async (manager) => {
      await manager.query("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German, DMY'");
      await manager.query("INSERT INTO proposals VALUES (1, '2026-01-01 00:00:00+00')");
      await service.updateCustodyTestResult('joined', PASSED, { manager });
      expect(recorded).not.toContain('joined 2');
      const [row] = await manager.query<Record<string, string>[]>(
        "SELECT made_at::text, current_setting('search_path') AS path, current_setting('DateStyle') AS style FROM proposals",
      );
      expect(row).toEqual({ made_at: '01.01.2026 09:00:00 JST', path: '"$user", public', style: 'German, DMY' });
    });
    expect(await countProposals()).toBe(1);
    expect(await service.getAgentMetrics('joined')).toMatchObject({ version: 2 });
    expect(recorded).toContain('joined 2');
  });

  it('is rolled back with the transaction of the host', async () => {
    const failing = dataSource.transaction(async (manager) => {
      await manager.query('INSERT INTO proposals VALUES (2)');
      await service.updateCustodyTestResult('rolled-back', PASSED, { manager });
      throw new Error('the host fails');
    });
    await expect(failing).rejects.toThrow('the host fails');
    expect(await countProposals()).toBe(1);
    await expect(service.getAgentMetrics('rolled-back')).rejects.toMatchObject({ code: 'agent_not_found' });
    expect(recorded).not.toContain('rolled-back 2');
  });

  it('is rolled back with a savepoint of the host', async () => {
    await dataSource.transaction(async (manager) => {
      await service.updateCustodyTestResult('outer', PASSED, { manager });
      await manager
        .transaction(async (inner) => {
          await service.updateCustodyTestResult('inner', PASSED, { manager: inner });
          throw new Error('the savepoint fails');
        })
        .catch(() => undefined);
      await manager.transaction((inner) => service.updateCustodyTestResult('released', PASSED, { manager: inner }));
    });
    expect(recorded).toEqual(expect.arrayContaining(['outer 2', 'released 2']));
    expect(recorded).not.toContain('inner 2');
    await expect(service.getAgentMetrics('inner')).rejects.toMatchObject({ code: 'agent_not_found' });
  });

  it('lets the host continue after a refused command', async () => {
    await dataSource.transaction(async (manager) => {
      await expect(service.updateCustodyXp('nobody', 5, { manager })).rejects.toMatchObject({
        code: 'agent_not_found',
      });
      await manager.query('INSERT INTO proposals VALUES (3)');
    });
    expect(await countProposals()).toBe(2);
  });

  it('joins concurrent writes of one transaction one after the other', async () => {
    await dataSource.transaction((manager) =>
      Promise.all(
        Array.from({ length: 8 }, (_each, index) =>
          service.updateCustodyTestResult(`parallel-${index % 3}`, PASSED, { manager }),
        ),
      ),
    );
    const versions = [0, 1, 2].map(async (index) => (await service.getAgentMetrics(`parallel-${index}`)).version);
    expect(await Promise.all(versions)).toEqual([4, 4, 3]);
  });

  it('records every result of concurrent writes exactly once', async () => {
    await Promise.all(Array.from({ length: 60 }, () => service.updateCustodyTestResult('busy', PASSED)));
    expect(await service.getAgentMetrics('busy')).toMatchObject({ version: 61, total_tests_given: 60 });
  });

  it.each(['REPEATABLE READ', 'SERIALIZABLE'] as const)('reports a conflict of a %s transaction', async (level) => {
    const writing = dataSource.transaction(level, async (manager) => {
      await manager.query('SELECT FROM proposals');
      await service.updateCustodyTestResult('conflicting', PASSED);
      await service.updateCustodyTestResult('conflicting', PASSED, { manager });
    });
    await expect(writing).rejects.toMatchObject({ code: 'write_conflict' });
    await dataSource.transaction(level, (manager) =>
      service.updateCustodyTestResult('conflicting', PASSED, { manager }),
    );
  });

  it('refuses a manager without a running transaction', async () => {
    await expect(service.resetAgentMetrics('guardian', { manager: dataSource.manager })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ field: 'manager' }] },
    });
    let ended;
    await dataSource.transaction(async (manager) => {
      ended = manager;
      await manager.query('SELECT 1');
    });
    await expect(service.resetAgentMetrics('guardian', { manager: ended })).rejects.toMatchObject({
      code: 'validation_failed',
    });
  });

  it('is independent of type parsers of the process', async () => {
    const { builtins } = pg.types;
    const types = [builtins.INT4, builtins.FLOAT8, builtins.TIMESTAMPTZ, builtins.JSONB, builtins.BYTEA, builtins.BOOL];
    type Parser = (value: string) => unknown;
    const parsers = types.map((type) => [type, pg.types.getTypeParser(type) as Parser] as const);
    for (const type of types) pg.types.setTypeParser(type, (value: string) => `parsed ${value}`);
    try {
      await service.updateCustodyTestResult('parsed', PASSED);
      await dataSource.transaction((manager) => service.updateCustodyTestResult('parsed', PASSED, { manager }));
      const agent = await service.getAgentMetrics('parsed');
      expect(agent).toMatchObject({ version: 3, pass_rate: 1, total_tests_given: 2 });
      expect(agent.last_test_date).toBeInstanceOf(Date);
      expect(agent.test_history).toHaveLength(2);
    } finally {
      for (const [type, parser] of parsers) pg.types.setTypeParser(type, parser);
    }
  });

  it('agrees with the ledger', async () => {
    const agents = [
      'guardian',
      'joined',
      'outer',
      'conflicting',
      'released',
      'busy',
      'parallel-0',
      'parallel-1',
      'parsed',
    ];
    const verifying = await connect({ ...host.options, entities: ENTITIES, extra: { options: searchPath(schema) } });
    try {
      const verified = await verifying.transaction((manager) => verifyAgents(manager, agents));
      expect(verified.map(({ differences }) => differences)).toEqual(agents.map(() => []));
      expect(await verifying.transaction((manager) => findTestRollupDifferences(manager, agents))).toEqual([]);
    } finally {
      await verifying.destroy();
    }
  });
});
