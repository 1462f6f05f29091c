import { isUUID } from 'class-validator';
import type { FieldError } from '../../common/index.js';
import type { RowChange } from '../../agent-metrics/index.js';
import { type AgentState, violations } from '../../progression/index.js';
import { AgentVerifier, type StoredEvent } from '../../verification/index.js';
import { toErrors } from './import-report.js';

/** An agent whose events are being imported, oldest first. */
export class IncomingAgent {
  /** The existing agent that it replaces; null if there is none. */
  base: AgentState | null = null;
  /** Whether its first events were already written to the ledger, because it has too many to stage. */
  begun = false;
  /** Whether it is invalid and is not imported. */
  refused = false;
  events = 0;
  /** Whether an event was voided. */
  hasVoids = false;
  /** Number of staged events. */
  staged = 0;
  /** Names that the agent had. */
  readonly earlierNames = new Set<string>();
  private readonly verifier: AgentVerifier;

  /** @param place place of the first event in the file */
  constructor(
    readonly agentType: string,
    readonly place: string,
  ) {
    // The voids of a file are not known in advance. They are verified when the agent is in the ledger.
    this.verifier = new AgentVerifier(agentType, null);
  }

  /** Verifies the next event. Returns the errors. */
  add(event: StoredEvent): FieldError[] {
    const { differences } = this.verifier;
    const known = differences.length;
    this.verifier.add(event);
    this.events += 1;
    if (event.type === 'voided') this.hasVoids = true;
    if (event.recorded_as !== null && event.recorded_as !== this.agentType) this.earlierNames.add(event.recorded_as);
    const faults = differences.slice(known).flatMap(({ problem }) => toErrors(`event ${event.version} ${problem}`));
    if (faults.length > 0 || isUUID(this.id)) return faults;
    return [{ field: 'payload.id', detail: 'must be a UUID' }];
  }

  /** Rules that the folded state violates. */
  findFaults(): FieldError[] {
    const { state } = this.getExpected();
    if (state.agent_type !== this.agentType && this.mergedInto === null)
      return toErrors(`is named ${state.agent_type} by its events`);
    return violations(state);
  }

  /** Name of the agent that it was merged into; null if it was not. */
  get mergedInto(): string | null {
    return this.verifier.ended && this.getExpected().state.agent_type;
  }

  /** Whether other agents were merged into it. */
  get hasMerged(): boolean {
    return this.verifier.merged.size > 0;
  }

  get id(): string {
    return this.getExpected().state.id;
  }

  /** The row change for the folded state. */
  toRowChange(): RowChange {
    const { state, head } = this.getExpected();
    const { base } = this;
    return {
      state,
      whole: true,
      ledgerHash: head,
      baseVersion: base?.version ?? null,
      baseHash: null,
      baseXmin: null,
      edited: false,
      recorded: base,
    };
  }

  private getExpected(): { state: AgentState; head: Buffer } {
    const expected = this.verifier.getFolded();
    if (!expected) throw new Error(`the events of ${this.agentType} have no state`);
    return expected;
  }
}
