import { Module } from '@nestjs/common';
import { AgentMetricsModule, MIGRATIONS, type Page, TransactionRunner, type AgentMetrics } from 'lvlup-agent-metrics';
import { DataSource } from 'typeorm';

@Module({ imports: [AgentMetricsModule] })
export class ApplicationModule {}

export function countItems({ items }: Page<AgentMetrics>): number {
  return items.length;
}

const [dataSource] = Reflect.getMetadata('design:paramtypes', TransactionRunner) as unknown[];
console.log(JSON.stringify({ migrations: MIGRATIONS.length > 0, sameTypeorm: dataSource === DataSource }));
