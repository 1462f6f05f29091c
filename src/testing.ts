/**
 * Helpers for tests of host applications.
 *
 * @packageDocumentation
 */
import type { DataSource } from 'typeorm';
import type { Clock } from './common/index.js';
import { buildSearchPath } from './database/client/index.js';
import { assertSchemaName } from './database/schema/index.js';

const TABLES = [
  'agent_metrics',
  'agent_events',
  'agent_rollups',
  'test_rollups_by_hour',
  'test_rollups_by_kind',
  'agent_aliases',
  'agent_tombstones',
];

/** Clock for the option `clock`, which stands still until it is set. */
export class FixedClock implements Pick<Clock, 'now'> {
  /** @param time the time that `now` returns */
  constructor(private time: Date) {}

  /** Returns the time. */
  now(): Date {
    return new Date(this.time);
  }

  /** Sets the time. */
  set(time: Date): void {
    this.time = time;
  }

  /** Moves the time forward. */
  advance(milliseconds: number): void {
    this.time = new Date(this.time.getTime() + milliseconds);
  }
}

/**
 * Deletes all agents and their ledger, between tests. API keys are kept.
 *
 * @param options `schema`: schema of the tables. Default: the schema of the DataSource, or the search path
 */
export async function deleteAllAgents(dataSource: DataSource, options: { schema?: string } = {}): Promise<void> {
  const { schema = (dataSource.options as { schema?: string }).schema } = options;
  if (schema !== undefined) assertSchemaName(schema);
  const prefix = schema === undefined ? '' : `${buildSearchPath(schema)}.`;
  // Ids continue, so that the feed does not take new events for those that it has already passed.
  await dataSource.query(`TRUNCATE ${TABLES.map((table) => prefix + table).join(', ')}`);
}
