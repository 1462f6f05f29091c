import { getMetadataArgsStorage } from 'typeorm';
import { AgentMetrics } from './agent-metrics.entity.js';

/** A column of `agent_metrics`. */
export interface AgentColumn {
  name: string;
  /** SQL type of the entity, such as `timestamptz`. */
  type: unknown;
  isNullable: boolean;
}

/** All columns of the entity. Read from its decorators, because a host's DataSource need not contain the entity. */
export const AGENT_COLUMNS: readonly AgentColumn[] = getMetadataArgsStorage()
  .columns.filter(({ target }) => target === AgentMetrics)
  .map(({ propertyName, options: { type, nullable } }) => ({
    name: propertyName,
    type,
    isNullable: nullable === true,
  }));
