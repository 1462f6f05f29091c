import 'reflect-metadata';
import { after as afterAll, before as beforeAll, describe, it } from 'node:test';
import { expect } from 'expect';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Transactional, TransactionHost, ClsPluginTransactional } from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { ClsModule } from 'nestjs-cls';
import { DataSource, type EntityManager } from 'typeorm';
import {
  addTransactionalDataSource,
  initializeTransactionalContext,
  runInTransaction,
  StorageDriver,
} from 'typeorm-transactional';
import { AgentMetricsModule, AgentMetricsService, type RecordedChange } from '../../../src/agent-metrics/index.js';
import { createHostDatabase, type HostDatabase } from './host-database.js';

const PASSED = { passed: true, score: 95, duration: 12.5 };

/** A host that runs work in a transaction of the calling context. */
interface Host {
  app: INestApplicationContext;
  service: AgentMetricsService;
  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

@Injectable()
class Work {
  constructor(private readonly host: TransactionHost<TransactionalAdapterTypeOrm>) {}

  @Transactional()
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return work(this.host.tx);
  }
}

async function startWithCls({ options }: HostDatabase, onRecorded: (change: RecordedChange) => void): Promise<Host> {
  @Module({
    imports: [
      TypeOrmModule.forRoot(options),
      ClsModule.forRoot({
        plugins: [
          new ClsPluginTransactional({
            imports: [TypeOrmModule],
            adapter: new TransactionalAdapterTypeOrm({ dataSourceToken: getDataSourceToken() }),
          }),
        ],
      }),
      AgentMetricsModule.forRootAsync({
        inject: [TransactionHost],
        useFactory: (host: TransactionHost<TransactionalAdapterTypeOrm>) => ({
          currentManager: () => host.tx,
          onRecorded,
        }),
      }),
    ],
    providers: [Work],
  })
  class HostModule {}
  const app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
  const work = app.get(Work);
  return { app, service: app.get(AgentMetricsService, { strict: false }), run: (callback) => work.run(callback) };
}

async function startWithTypeormTransactional(
  { options }: HostDatabase,
  onRecorded: (change: RecordedChange) => void,
): Promise<Host> {
  initializeTransactionalContext({ storageDriver: StorageDriver.ASYNC_LOCAL_STORAGE });
  const dataSource = addTransactionalDataSource(new DataSource(options));
  await dataSource.initialize();

  @Module({
    imports: [AgentMetricsModule.forRoot({ dataSource, currentManager: () => dataSource.manager, onRecorded })],
  })
  class HostModule {}
  const app = await NestFactory.createApplicationContext(HostModule, { logger: false, abortOnError: false });
  const close = app.close.bind(app);
  app.close = async () => {
    await close();
    await dataSource.destroy();
  };
  return {
    app,
    service: app.get(AgentMetricsService, { strict: false }),
    run: (work) => runInTransaction(() => work(dataSource.manager)),
  };
}

for (const [name, start] of [
  ['@nestjs-cls/transactional', startWithCls],
  ['typeorm-transactional', startWithTypeormTransactional],
] as const) {
  void describe(`with ${name}, a write without a manager`, () => {
    let database: HostDatabase;
    let host: Host;
    const recorded: string[] = [];

    beforeAll(async () => {
      database = await createHostDatabase();
      await database.database.query('CREATE TABLE proposals (id integer PRIMARY KEY)');
      await AgentMetricsModule.migrate(new DataSource(database.options));
      host = await start(database, ({ agent_type, version }) => recorded.push(`${agent_type} ${version}`));
    });
    afterAll(async () => {
      await host.app.close();
      await database.drop();
    });
    const countProposals = async () => (await database.database.query('SELECT id FROM proposals')).length;

    void it('joins the transaction of the calling context', async () => {
      await host.run(async (manager) => {
        await manager.query('INSERT INTO proposals VALUES (1)');
        await host.service.updateCustodyTestResult('guardian', PASSED);
        expect(recorded).toEqual([]);
        await expect(host.service.getAgentMetrics('guardian')).rejects.toMatchObject({ code: 'agent_not_found' });
      });
      expect(await host.service.getAgentMetrics('guardian')).toMatchObject({ version: 2 });
      expect(recorded).toEqual(['guardian 2']);
    });

    void it('is rolled back with it', async () => {
      const failing = host.run(async (manager) => {
        await manager.query('INSERT INTO proposals VALUES (2)');
        await host.service.updateCustodyTestResult('guardian', PASSED);
        throw new Error('the host fails');
      });
      await expect(failing).rejects.toThrow('the host fails');
      expect(await host.service.getAgentMetrics('guardian')).toMatchObject({ version: 2 });
      expect(await countProposals()).toBe(1);
      expect(recorded).toEqual(['guardian 2']);
    });

    void it('commits by itself outside a transaction', async () => {
      await Promise.all(Array.from({ length: 20 }, () => host.service.updateCustodyTestResult('busy', PASSED)));
      expect(await host.service.getAgentMetrics('busy')).toMatchObject({ total_tests_given: 20 });
    });

    void it('does not take part in the transaction of another request', async () => {
      // Writes of different callers are grouped, also while one of them is in a transaction that is rolled back.
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_each, index) =>
          index % 3 === 0
            ? host.run(async () => {
                await host.service.updateCustodyTestResult(`own-${index}`, PASSED);
                throw new Error('the host fails');
              })
            : host.service.updateCustodyTestResult('shared', PASSED),
        ),
      );
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4);
      expect(await host.service.getAgentMetrics('shared')).toMatchObject({ total_tests_given: 8 });
      await expect(host.service.getAgentMetrics('own-0')).rejects.toMatchObject({ code: 'agent_not_found' });
    });
  });
}
