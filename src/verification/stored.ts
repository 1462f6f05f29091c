import { isRepresentableTime } from '../database/values/index.js';
import type { HashedForms, LinkedEvent } from '../ledger/index.js';
import type { AgentState } from '../progression/index.js';

/** An event as stored in `agent_events`, with times in microseconds. */
export type StoredEvent = Omit<LinkedEvent, keyof HashedForms> & HashedForms & { recorded_as: string | null };

/** A row as stored in `agent_metrics`: times in ISO 8601 with microseconds, the hash in hexadecimal. */
export type StoredRow = { [Column in keyof AgentState]: unknown } & {
  agent_type: string;
  version: number;
  ledger_hash: string | null;
};

const time = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;

/** Like `time`, but times without an ISO 8601 form are cast to text. */
const anyTime = (column: string): string =>
  `CASE WHEN ${isRepresentableTime(column)} THEN to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE ${column}::text END AS ${column}`;

/** Select list of a StoredEvent, from the view of the ledger. */
export const EVENT_COLUMNS = `
  agent_type, version, recorded_as, type, payload, result, rules_version, actor, idempotency_key,
  encode(request_hash, 'hex') AS request_hash, ${time('occurred_at')}, ${time('recorded_at')}, prev_hash, hash`;

/** Select expression of a column of a StoredRow. */
export function rowColumn(column: string, type: unknown): string {
  if (type === 'timestamptz') return anyTime(column);
  return column === 'ledger_hash' ? `encode(${column}, 'hex') AS ${column}` : column;
}
