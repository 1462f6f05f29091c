import { isDeepStrictEqual } from 'node:util';
import { GENESIS_HASH, hashOfRecord, microseconds } from '../ledger/index.js';
import { type AgentEvent, type AgentState, evolve, snapshotUnder } from '../progression/index.js';
import type { Difference } from './difference.js';
import type { StoredEvent, StoredRow } from './stored.js';

/** Checks one agent: its events, oldest first, and then its row. */
export class AgentVerifier {
  readonly differences: Difference[] = [];
  private state: AgentState | null = null;
  private head = GENESIS_HASH;
  private version = 0;
  /** Whether there was an event that can't be trusted or folded: then nobody knows what the row should be. */
  private broken = false;
  private isImported = false;

  constructor(readonly agentType: string) {}

  add(event: StoredEvent): void {
    const { version, prev_hash, hash } = event;
    if (version !== this.version + 1) this.breaks(version, `comes after version ${this.version}`);
    if (!prev_hash.equals(this.head)) this.breaks(version, "isn't chained to the event before");
    if (!hashOfRecord(event, event, prev_hash).equals(hash)) this.breaks(version, "isn't what its hash says");
    this.version = version;
    this.head = hash;
    if (!this.broken) this.fold(event);
  }

  /** @param row null when the agent has none */
  finish(row: StoredRow | null): void {
    if (!row) {
      this.rowDiffers(`there is none, and ${this.version} events`);
      return;
    }
    if (this.version === 0) {
      this.rowDiffers(
        'no event stands behind it: it was inserted by hand, and will be imported with the next write to it',
      );
      return;
    }
    if (row.version !== this.version)
      this.rowDiffers(`version is ${row.version}, and the newest event has ${this.version}`);
    if (row.ledger_hash !== null && row.ledger_hash !== this.head.toString('hex')) {
      this.rowDiffers("ledger_hash isn't the hash of the newest event");
    }
    if (this.broken || !this.state) return;
    for (const [column, folded] of Object.entries(this.state) as [keyof AgentState, unknown][]) {
      if (column === 'version') continue;
      const stored = this.comparable(column, row[column]);
      const expected = this.comparable(column, folded instanceof Date ? timeOf(folded) : folded);
      if (!isDeepStrictEqual(stored, expected)) {
        this.rowDiffers(`${column} is ${shown(stored)}, and the ledger gives ${shown(expected)}`);
      }
    }
    if (row.ledger_hash === null && this.differences.length === 0) {
      this.rowDiffers(
        'it was changed past the service, and then back; the next write to the agent, or rebuild, settles that',
      );
    }
  }

  /** What the row should be; null when the events don't say it. */
  expected(): { state: AgentState; head: Buffer } | null {
    return this.broken || !this.state ? null : { state: this.state, head: this.head };
  }

  private fold(event: StoredEvent): void {
    const { version } = event;
    try {
      const times = { occurred_at: new Date(event.occurred_at), recorded_at: new Date(event.recorded_at) };
      const next = evolve(this.state, { ...event, ...times } as AgentEvent);
      if (!isDeepStrictEqual(event.result.metrics, snapshotUnder(event.rules_version, next))) {
        this.differs(version, "isn't what its result says");
      }
      this.state = next;
      if (version === 1) this.isImported = event.type === 'imported';
    } catch (error) {
      this.breaks(version, `can't be folded: ${(error as Error).message}`);
    }
  }

  /** An import knows times to the millisecond, and the row that it took over keeps its own. */
  private comparable(column: keyof AgentState, value: unknown): unknown {
    const cut = column === 'created_at' && this.isImported && typeof value === 'string';
    return cut ? value.replace(/\d{3}Z$/, '000Z') : value;
  }

  private differs(version: number, problem: string): void {
    this.differences.push({ agent_type: this.agentType, in: 'event', version, problem });
  }

  private breaks(version: number, problem: string): void {
    this.broken = true;
    this.differs(version, problem);
  }

  private rowDiffers(problem: string): void {
    this.differences.push({ agent_type: this.agentType, in: 'row', problem });
  }
}

/** What was hashed may still be no time: whoever tampers can hash as well. */
function timeOf(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'no time' : microseconds(time);
}

const SHOWN = 200;

function shown(value: unknown): string {
  const json = value === undefined ? 'missing' : JSON.stringify(value);
  return json.length > SHOWN ? `${json.slice(0, SHOWN)}…` : json;
}
