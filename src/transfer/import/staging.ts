import type { EntityManager } from 'typeorm';
import { toByteaText } from '../../database/values/index.js';
import type { StorageForm } from '../../database/storage/index.js';
import { METRIC_COLUMNS, toStoredColumns } from '../../ledger/index.js';
import type { StoredEvent } from '../../verification/index.js';
import { EVENT_COLUMNS } from '../columns.js';

const COLUMNS = [...EVENT_COLUMNS.map(({ name }) => name), ...METRIC_COLUMNS].join(', ');
const CREATE = 'CREATE TEMPORARY TABLE staged_events (LIKE agent_events) ON COMMIT DROP';
const ADD = `
  INSERT INTO staged_events (${COLUMNS}, id, transaction_id)
  SELECT ${COLUMNS}, 0, 0 FROM json_populate_recordset(NULL::agent_events, $1)`;
const REMOVE = 'DELETE FROM staged_events WHERE agent_type = ANY($1)';
const MOVE = `INSERT INTO agent_events (${COLUMNS}) SELECT ${COLUMNS} FROM staged_events`;
const WITHOUT = ' WHERE agent_type <> $1';

/**
 * Temporary table of events to be inserted into the ledger with one statement. Rollups are updated once per statement, and
 * repeated updates of the same row within a transaction become slower.
 */
export class Staging {
  constructor(
    private readonly manager: EntityManager,
    private readonly storage: StorageForm,
  ) {}

  async create(): Promise<void> {
    await this.manager.query(CREATE);
  }

  /** @param rows results of `toStagedRow` */
  async add(rows: readonly string[]): Promise<void> {
    if (rows.length > 0) await this.manager.query(ADD, [`[${rows.join(',')}]`]);
  }

  /** Deletes the staged events of the agents. */
  async remove(agentTypes: readonly string[]): Promise<void> {
    if (agentTypes.length > 0) await this.manager.query(REMOVE, [agentTypes]);
  }

  /** Moves all staged events to the ledger. */
  async move(): Promise<void> {
    await this.manager.query(MOVE);
    await this.storage.addStagedToRollups(this.manager, 'staged_events', []);
    await this.clear();
  }

  /** Moves the staged events of all other agents to the ledger. */
  async moveAllBut(agentType: string): Promise<void> {
    await this.manager.query(MOVE + WITHOUT, [agentType]);
    await this.storage.addStagedToRollups(this.manager, `(SELECT * FROM staged_events${WITHOUT})`, [agentType]);
    await this.manager.query(`DELETE FROM staged_events${WITHOUT}`, [agentType]);
  }

  async clear(): Promise<void> {
    await this.manager.query('TRUNCATE staged_events');
  }
}

/** Converts an event to JSON for json_populate_recordset. */
export function toStagedRow(event: StoredEvent): string {
  return JSON.stringify({
    ...event,
    ...toStoredColumns(event.result),
    request_hash: event.request_hash === null ? null : `\\x${event.request_hash}`,
    prev_hash: toByteaText(event.prev_hash),
    hash: toByteaText(event.hash),
  });
}
