import assert from 'node:assert/strict';
import { Controller, Get, type INestApplication, Inject, Module, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { AgentMetrics, Clock, MIGRATIONS, RequiresCustody, TransactionRunner } from 'lvlup-agent-metrics';
import { DataSource, getMetadataArgsStorage, type Repository } from 'typeorm';

/** A route of the application that a gate restricts. The controller is not served: gates need a database. */
@Controller('proposals')
export class ProposalsController {
  @Get(':agent_type')
  @RequiresCustody('propose')
  propose(): string {
    return 'proposed';
  }
}

@Controller('status')
class StatusController {
  constructor(
    private readonly clock: Clock,
    private readonly dataSource: DataSource,
    @Inject(getRepositoryToken(AgentMetrics)) private readonly agents: Repository<AgentMetrics>,
  ) {}

  @Get()
  read(): { now: Date; sameManager: boolean } {
    return { now: this.clock.now(), sameManager: this.agents.manager === this.dataSource.manager };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      entities: [AgentMetrics],
      migrations: MIGRATIONS,
      manualInitialization: true,
    }),
    TypeOrmModule.forFeature([AgentMetrics]),
  ],
  controllers: [StatusController],
  providers: [Clock],
})
class ApplicationModule {}

/** Starts an application with the library on the platform `express` or `fastify`, and checks what it responds. */
async function main(platform: string): Promise<void> {
  const app = await createApplication(platform);
  try {
    await app.listen(0, '127.0.0.1');
    const response = await fetch(`${await app.getUrl()}/status`);
    const { now, sameManager } = (await response.json()) as { now: string; sameManager: boolean };
    assert.equal(sameManager, true);
    assert.ok(Date.parse(now) > 0);
  } finally {
    await app.close();
  }
  const parameters = Reflect.getMetadata('design:paramtypes', TransactionRunner) as unknown[];
  assert.equal(parameters[0], DataSource, 'the library has its own copy of TypeORM');
  const tables = getMetadataArgsStorage().tables.map(({ target }) => target);
  assert.ok(tables.includes(AgentMetrics), 'the library has its own copy of the metadata of TypeORM');
}

async function createApplication(platform: string): Promise<INestApplication> {
  const name = platform === 'express' ? 'ExpressAdapter' : 'FastifyAdapter';
  const adapters = (await import(`@nestjs/platform-${platform}`)) as Record<string, Type<AbstractHttpAdapter>>;
  const Adapter = adapters[name];
  assert.ok(Adapter);
  return NestFactory.create(ApplicationModule, new Adapter(), { logger: ['warn', 'error'], abortOnError: false });
}

main(process.argv[2] ?? 'express').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
