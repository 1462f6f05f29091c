import { getMetadataArgsStorage } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { toRepresentableTime } from '../database/values/index.js';
import { AgentEventRecord } from '../ledger/index.js';

/** A column of an export. */
export interface Column {
  name: string;
  /** Whether CSV cells contain plain text or JSON. */
  form: 'text' | 'json';
  /** SQL expression of the value: times in ISO 8601 in UTC, bytes in hexadecimal. */
  sql: string;
}

/** Positions of events within one database. Not exported, not hashed. */
const POSITIONS = ['id', 'transaction_id'];

/** All columns of an agent, with times in milliseconds as in the API. */
export const AGENT_COLUMNS: readonly Column[] = listColumns(AgentMetrics, 'MS');

/** The hashed columns of an event, and the hashes, with times in microseconds as they were hashed. */
export const EVENT_COLUMNS: readonly Column[] = listColumns(AgentEventRecord, 'US').filter(
  ({ name }) => !POSITIONS.includes(name),
);

/** Lists all columns of the entity. */
function listColumns(entity: new () => object, fraction: 'MS' | 'US'): Column[] {
  const columns = getMetadataArgsStorage().columns.filter(({ target }) => target === entity);
  return columns.map(({ propertyName: name, options: { type } }) => {
    switch (type) {
      case 'uuid':
      case 'varchar':
        return { name, form: 'text', sql: name };
      case 'timestamptz':
        return {
          name,
          form: 'text',
          sql: `to_char((${toRepresentableTime(name)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${fraction}"Z"')`,
        };
      case 'bytea':
        return { name, form: 'text', sql: `encode(${name}, 'hex')` };
      default:
        return { name, form: 'json', sql: name };
    }
  });
}
