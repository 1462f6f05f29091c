import { isDeepStrictEqual } from 'node:util';
import { GENESIS_HASH, hashRecord, microseconds } from '../ledger/index.js';
import { type AgentEvent, type AgentState, type EventPayloads, evolve, snapshotUnder } from '../progression/index.js';
import type { Difference } from './difference.js';
import type { StoredEvent, StoredRow } from './stored.js';

/** Verifies one agent: its events, oldest first, then its row. */
export class AgentVerifier {
  readonly differences: Difference[] = [];
  private state: AgentState | null = null;
  private head = GENESIS_HASH;
  private version = 0;
  /** Whether an event is invalid. Then the expected row is unknown. */
  private broken = false;
  private isImported = false;

  constructor(readonly agentType: string) {}

  /** Verifies the next event. */
  add(stored: StoredEvent): void {
    // The hash covers the name that the agent had.
    const event = stored.recorded_as === null ? stored : { ...stored, agent_type: stored.recorded_as };
    const { version, prev_hash, hash } = event;
    if (version !== this.version + 1) this.reportBroken(version, `follows version ${this.version}`);
    if (!prev_hash.equals(this.head)) this.reportBroken(version, 'is not chained to the previous event');
    if (!hashRecord(event, event, prev_hash).equals(hash)) this.reportBroken(version, 'does not match its hash');
    if (this.state && event.agent_type !== this.state.agent_type) {
      this.reportBroken(version, `was recorded as ${event.agent_type}, but the agent was ${this.state.agent_type}`);
    }
    this.version = version;
    this.head = hash;
    if (!this.broken) this.fold(event);
  }

  /**
   * Verifies the row.
   *
   * @param row null if the agent has none
   */
  finish(row: StoredRow | null): void {
    if (!row) {
      this.reportRow(`is missing, but there are ${this.version} events`);
      return;
    }
    if (this.version === 0) {
      this.reportRow('has no events: it was inserted manually, and is imported by the next write to the agent');
      return;
    }
    if (row.version !== this.version)
      this.reportRow(`version is ${row.version}, but the newest event has ${this.version}`);
    if (row.ledger_hash !== null && row.ledger_hash !== this.head.toString('hex')) {
      this.reportRow('ledger_hash is not the hash of the newest event');
    }
    if (this.broken || !this.state) return;
    for (const [column, folded] of Object.entries(this.state) as [keyof AgentState, unknown][]) {
      if (column === 'version') continue;
      const stored = this.toComparable(column, row[column]);
      const expected = this.toComparable(column, folded instanceof Date ? formatTime(folded) : folded);
      if (!isDeepStrictEqual(stored, expected)) {
        this.reportRow(`${column} is ${formatValue(stored)}, expected ${formatValue(expected)}`);
      }
    }
    if (row.ledger_hash === null && this.differences.length === 0) {
      this.reportRow('was edited manually and changed back; the next write to the agent or rebuild sets ledger_hash');
    }
  }

  /** The state and head that the row should have; null if the events are invalid or missing. */
  getExpected(): { state: AgentState; head: Buffer } | null {
    return this.state?.agent_type === this.agentType ? this.getFolded() : null;
  }

  /** The state and head after the newest event, which may have another name; null if the events are invalid or missing. */
  getFolded(): { state: AgentState; head: Buffer } | null {
    return this.broken || !this.state ? null : { state: this.state, head: this.head };
  }

  private fold(event: StoredEvent): void {
    const { version } = event;
    try {
      const times = { occurred_at: new Date(event.occurred_at), recorded_at: new Date(event.recorded_at) };
      const next = evolve(this.state, { ...event, ...times } as AgentEvent);
      if (!isDeepStrictEqual(event.result.metrics, snapshotUnder(event.rules_version, next))) {
        this.reportEvent(version, 'does not match its result');
      }
      this.state = next;
      if (event.type === 'renamed' && (event.payload as EventPayloads['renamed']).from !== event.agent_type) {
        this.reportEvent(version, 'renames another agent');
      }
      if (version === 1) this.isImported = event.type === 'imported';
    } catch (error) {
      this.reportBroken(version, `cannot be folded: ${(error as Error).message}`);
    }
  }

  /** An imported event has times in milliseconds; the row keeps `created_at` in microseconds. */
  private toComparable(column: keyof AgentState, value: unknown): unknown {
    const truncate = column === 'created_at' && this.isImported && typeof value === 'string';
    return truncate ? value.replace(/\d{3}Z$/, '000Z') : value;
  }

  private reportEvent(version: number, problem: string): void {
    this.differences.push({ agent_type: this.agentType, in: 'event', version, problem });
  }

  private reportBroken(version: number, problem: string): void {
    this.broken = true;
    this.reportEvent(version, problem);
  }

  private reportRow(problem: string): void {
    this.differences.push({ agent_type: this.agentType, in: 'row', problem });
  }
}

/** An event with a valid hash can have an invalid time, because whoever edits it can also hash it. */
function formatTime(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'invalid time' : microseconds(time);
}

/** Maximum length of a value in a message. */
const VALUE_LENGTH = 200;

function formatValue(value: unknown): string {
  const json = value === undefined ? 'missing' : JSON.stringify(value);
  return json.length > VALUE_LENGTH ? `${json.slice(0, VALUE_LENGTH)}…` : json;
}
