import { Module } from '@nestjs/common';
import { AgentMetricsModule, MIGRATIONS, type Page, AgentMetrics } from 'lvlup-agent-metrics';
import { getMetadataArgsStorage } from 'typeorm';

@Module({ imports: [AgentMetricsModule.forRoot({ dataSource: 'agents' })] })
export class ApplicationModule {}

export function countItems({ items }: Page<AgentMetrics>): number {
  return items.length;
}

const sameTypeorm = getMetadataArgsStorage().tables.some(({ target }) => target === AgentMetrics);
console.log(JSON.stringify({ migrations: MIGRATIONS.length > 0, sameTypeorm }));
