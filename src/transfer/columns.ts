import { getMetadataArgsStorage } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { toRepresentableTime } from '../database/values/index.js';
import { AgentEventRecord } from '../ledger/index.js';

/** A column as files have it. */
export interface Column {
  name: string;
  /** Whether its values are text as they stand, or have to be written as JSON where all is text (CSV). */
  form: 'text' | 'json';
  /** The expression that reads it in its form: times as ISO 8601 in UTC, bytes in hexadecimal. */
  sql: string;
}

/** Positions of events in one database; elsewhere they mean nothing, and no hash covers them. */
const POSITIONS = ['id', 'transaction_id'];

/** All columns of an agent; times to the millisecond, as the API shows them. */
export const AGENT_COLUMNS: readonly Column[] = columnsOf(AgentMetrics, 'MS');

/** What an event's hash covers, and the hashes; times to the microsecond, as they were hashed. */
export const EVENT_COLUMNS: readonly Column[] = columnsOf(AgentEventRecord, 'US').filter(
  ({ name }) => !POSITIONS.includes(name),
);

/** The columns as their entity has them, so that what is added to it is exported as well. */
function columnsOf(entity: new () => object, fraction: 'MS' | 'US'): Column[] {
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
