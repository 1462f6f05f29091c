import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { AgentMetricsModule, CustodyModule, type RecordedChange } from 'lvlup-agent-metrics';
import type { DataSourceOptions } from 'typeorm';
import { DATA_SOURCE } from './data-source.js';
import { Proposal } from './proposal.entity.js';
import { ProposalsController } from './proposals.controller.js';
import { ProposalsService } from './proposals.service.js';

/** Place of the tables, which the example varies. */
export interface Place {
  /** Name of the DataSource; undefined: the default one. */
  name?: string;
  /** Schema of the library's tables; undefined: that of the DataSource. */
  schema?: string;
}

/** Options of the DataSource of the host. */
export function createDataSourceOptions({ name }: Place): DataSourceOptions {
  const { DATABASE_URL: url = '' } = process.env;
  return { ...(name !== undefined && { name }), type: 'postgres', url, entities: [Proposal], synchronize: true };
}

@Module({})
export class AppModule {
  /** @param onRecorded called for each committed change of an agent */
  static register(place: Place, onRecorded: (change: RecordedChange) => void): DynamicModule {
    const { name, schema } = place;
    const metrics = AgentMetricsModule.forRoot({
      dataSource: name,
      schema,
      // The tables are created when the application starts. In production, call AgentMetricsModule.migrate instead.
      migrate: true,
      controllers: { prefix: 'internal' },
      access: 'open',
      rules: { maxXpAwarded: 100 },
      onRecorded,
    });
    const custody = CustodyModule.forRoot({ metrics, controllers: { prefix: 'internal' } });
    return {
      module: AppModule,
      imports: [TypeOrmModule.forRoot(createDataSourceOptions(place)), metrics, custody],
      controllers: [ProposalsController],
      providers: [ProposalsService, { provide: DATA_SOURCE, useExisting: getDataSourceToken(name) }],
    };
  }
}
