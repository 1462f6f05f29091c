import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { jsonRows } from '../database/json-rows.js';
import type { AgentEvent } from '../progression/events.js';
import { AgentEventRecord } from './agent-event.entity.js';
import type { SealedEvent } from './hash-chain.js';

const COLUMNS = [
  'agent_type',
  'version',
  'type',
  'payload',
  'result',
  'rules_version',
  'actor',
  'idempotency_key',
  'request_hash',
  'occurred_at',
  'recorded_at',
  'prev_hash',
  'hash',
].join(', ');

const APPEND = `
  INSERT INTO agent_events (${COLUMNS})
  SELECT ${COLUMNS} FROM jsonb_populate_recordset(NULL::agent_events, $1)`;

/** The append-only ledger. It has no update and no delete. */
@Injectable()
export class LedgerRepository {
  /** Appends events in the manager's transaction. Their agents must be locked. */
  async append(manager: EntityManager, events: readonly SealedEvent[]): Promise<void> {
    if (events.length > 0) await manager.query(APPEND, [jsonRows(events)]);
  }

  /** All events of an agent, oldest first. */
  async read(manager: EntityManager, agentType: string): Promise<{ events: AgentEvent[]; head: Buffer | null }> {
    const records = await manager.find(AgentEventRecord, {
      where: { agent_type: agentType },
      order: { version: 'ASC' },
    });
    return { events: records as unknown as AgentEvent[], head: records.at(-1)?.hash ?? null };
  }
}
