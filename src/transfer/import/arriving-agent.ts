import { isUUID } from 'class-validator';
import type { FieldError } from '../../common/index.js';
import type { RowChange } from '../../agent-metrics/index.js';
import { type AgentState, violations } from '../../progression/index.js';
import { AgentVerifier, type StoredEvent } from '../../verification/index.js';
import { wholly } from './import-report.js';

/** An agent whose events arrive, oldest first. */
export class ArrivingAgent {
  /** The agent that it takes the place of; null when there is none. */
  base: AgentState | null = null;
  /** Whether its first events are in the ledger, because there are too many to wait for the last. */
  begun = false;
  /** Whether something was wrong with it, so that none of it is imported. */
  refused = false;
  events = 0;
  /** Those of them that are staged. */
  staged = 0;
  private readonly verifier: AgentVerifier;

  /** @param place of its first event */
  constructor(
    readonly agentType: string,
    readonly place: string,
  ) {
    this.verifier = new AgentVerifier(agentType);
  }

  /** Takes the next event, and says what is wrong with it. */
  add(event: StoredEvent): FieldError[] {
    const { differences } = this.verifier;
    const known = differences.length;
    this.verifier.add(event);
    this.events += 1;
    const faults = differences.slice(known).flatMap(({ problem }) => wholly(`event ${event.version} ${problem}`));
    if (faults.length > 0 || isUUID(this.id)) return faults;
    return [{ field: 'payload.id', detail: 'must be a UUID' }];
  }

  /** What is wrong with what its events make of it, where each of them is fine. */
  faults(): FieldError[] {
    return violations(this.expected().state);
  }

  get id(): string {
    return this.expected().state.id;
  }

  /** The row that its events make. */
  rowChange(): RowChange {
    const { state, head } = this.expected();
    const { base } = this;
    return { state, whole: true, ledgerHash: head, baseVersion: base?.version ?? null, edited: false, recorded: base };
  }

  private expected(): { state: AgentState; head: Buffer } {
    const expected = this.verifier.getExpected();
    if (!expected) throw new Error(`the events of ${this.agentType} make no state`);
    return expected;
  }
}
