import { isDeepStrictEqual } from 'node:util';
import { GENESIS_HASH, hashRecord, microseconds } from '../ledger/index.js';
import {
  type AgentEvent,
  type AgentState,
  type EventPayloads,
  evolve,
  isVoidable,
  type MergedAgent,
  snapshotUnder,
  toCheckpoint,
  toMergedAgent,
} from '../progression/index.js';
import type { Difference } from './difference.js';
import { PendingVoids } from './pending-voids.js';
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

  /** Agents that were merged into this one, by the version of the event. */
  readonly merged = new Map<number, MergedAgent>();
  /** Set if the agent was merged into another one: its state and its last event. */
  ended: MergedAgent | null = null;

  /** Names that the agent had, by its events. */
  readonly earlierNames = new Set<string>();

  /** null: the voids are not known, and not verified. */
  private readonly voids: PendingVoids | null;

  /** @param voidedBy voided versions, and the version of the event that voids each; null: not verified */
  constructor(
    readonly agentType: string,
    private readonly voidedBy: ReadonlyMap<number, number> | null,
  ) {
    this.voids = voidedBy && new PendingVoids(voidedBy);
  }

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
    if (this.ended) {
      if (row) this.reportRow(`must not exist: the agent was merged into ${JSON.stringify(this.state?.agent_type)}`);
      return;
    }
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
      const timed = { ...event, ...times } as AgentEvent;
      const next = evolve(this.state, timed);
      this.verifyVoid(timed, next);
      if (!isDeepStrictEqual(event.result.metrics, snapshotUnder(event.rules_version, next))) {
        this.reportEvent(version, 'does not match its result');
      }
      const { checkpoint } = event.result;
      if (checkpoint && !isDeepStrictEqual(checkpoint, toCheckpoint(next, event.rules_version))) {
        this.reportEvent(version, 'does not match its checkpoint');
      }
      if (timed.type === 'merged') this.merged.set(version, timed.payload.source);
      if (timed.type === 'merged_into')
        this.ended = toMergedAgent({ ...next, agent_type: event.agent_type }, event.hash.toString('hex'));
      this.state = next;
      if (timed.type === 'renamed') this.addEarlierName(timed.payload, event.agent_type, version);
      if (version === 1) this.isImported = event.type === 'imported';
    } catch (error) {
      this.reportBroken(version, `cannot be folded: ${(error as Error).message}`);
    }
  }

  private addEarlierName({ from }: EventPayloads['renamed'], agentType: string, version: number): void {
    if (from === agentType) this.earlierNames.add(from);
    else this.reportEvent(version, 'renames another agent');
  }

  /** Verifies that a voiding event leaves the agent as it would be without the voided event. */
  private verifyVoid(event: AgentEvent, next: AgentState): void {
    const { version, type } = event;
    if (this.voidedBy?.has(version) === true && !isVoidable(type)) {
      this.reportEvent(version, `is ${type}, which cannot be voided, but event ${this.voidedBy.get(version)} voids it`);
    }
    this.voids?.add(event, this.state);
    if (event.type !== 'voided' || !this.voids) return;
    if (this.voidedBy?.get(event.payload.version) !== version || event.payload.version >= version) {
      this.reportEvent(version, `voids event ${event.payload.version}, which is not an earlier event, or was voided`);
      return;
    }
    const expected = this.voids.take(version);
    if (expected !== undefined && !isDeepStrictEqual(next, expected)) {
      this.reportEvent(version, `does not leave the agent as it would be without event ${event.payload.version}`);
    }
  }

  /** An imported event has times in milliseconds; the row keeps `created_at` in microseconds. */
  private toComparable(column: keyof AgentState, value: unknown): unknown {
    const truncate = column === 'created_at' && this.isImported && typeof value === 'string';
    return truncate ? value.replace(/\d{3}Z$/, '000Z') : value;
  }

  reportEvent(version: number, problem: string): void {
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
