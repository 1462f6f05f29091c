import { getMetadataArgsStorage } from 'typeorm';
import { type EventResult, INTEGER_MAX, type JsonObject } from '../progression/index.js';
import { EventMetrics } from './event-metrics.js';

/** View of `agent_events` in which `result` is whole, as it was hashed. */
export const LEDGER_EVENTS = 'ledger_events';

/** Result of an event as stored in the column `result`. */
export type StoredResult = Omit<EventResult, 'metrics'> & Partial<Pick<EventResult, 'metrics'>>;

const COLUMNS = getMetadataArgsStorage().columns.filter(({ target }) => target === EventMetrics);
/** Columns of the snapshot. */
export const METRIC_COLUMNS: readonly string[] = COLUMNS.map(({ propertyName }) => propertyName);

/** Whether a value is unchanged after it was stored in a column of the type. */
const FITS: Record<string, (value: unknown, length: number) => boolean> = {
  integer: (value) => Number.isInteger(value) && Math.abs(value as number) <= INTEGER_MAX,
  'double precision': (value) => typeof value === 'number' && Number.isFinite(value),
  varchar: (value, length) => typeof value === 'string' && [...value].length <= length,
  boolean: (value) => typeof value === 'boolean',
};

/** Columns of `agent_events` that hold a result. A snapshot that does not fit its columns remains in `result`. */
export function toStoredColumns(result: EventResult): JsonObject {
  const { metrics, ...rest } = result;
  return isSnapshot(metrics) ? { ...metrics, result: rest } : { result };
}

function isSnapshot(metrics: object): boolean {
  const values = new Map<string, unknown>(Object.entries(metrics));
  return (
    values.size === COLUMNS.length &&
    COLUMNS.every(({ propertyName, options: { type, length } }) =>
      FITS[type as string]?.(values.get(propertyName), Number(length)),
    )
  );
}
