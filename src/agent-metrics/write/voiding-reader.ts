import { Injectable } from '@nestjs/common';
import type { Session } from '../../database/transactions/index.js';
import { FetchSize } from '../../database/values/index.js';
import { LedgerRepository } from '../../ledger/index.js';
import {
  type AgentState,
  CHECKPOINT_INTERVAL,
  evolveWithout,
  isVoidable,
  type Voiding,
} from '../../progression/index.js';

/** Target size of a page of events, in bytes as stored. */
const PAGE_BYTES = 1024 * 1024;

type RunRead = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** An agent without an event, as of a version. */
export interface PartialFold {
  /** Version of the event to void. */
  version: number;
  /** Voided versions that the fold excludes, and the version of the event that voided each. */
  voids: ReadonlyMap<number, number>;
  /** Newest version that was read. */
  upTo: number;
  state: AgentState | null;
}

/**
 * Folds the events of an agent without one of them, from the last checkpoint before it. Memory use does not depend on the
 * number of events. The time does, so that most of the events are folded before the agent is locked.
 */
@Injectable()
export class VoidingReader {
  constructor(private readonly ledger: LedgerRepository) {}

  /**
   * Folds the events so far, without a lock.
   *
   * @param run runs a read
   */
  async prepare(agentType: string, version: number, run: RunRead): Promise<PartialFold> {
    const event = await run((session) => this.ledger.findEvent(session, agentType, version));
    const voids = await run((session) => this.ledger.findVoids(session, agentType));
    // The refusal needs no fold.
    if (!event || !isVoidable(event.type)) return { version, voids, upTo: 0, state: null };
    return this.fold(agentType, await run((session) => this.findStart(session, agentType, version, voids)), run);
  }

  /** Completes a prepared fold. The agent must be locked. */
  async finish(session: Session, agentType: string, prepared: PartialFold): Promise<Voiding> {
    const { version } = prepared;
    const event = await this.ledger.findEvent(session, agentType, version);
    const voids = await this.ledger.findVoids(session, agentType);
    const voidedBy = voids.get(version) ?? null;
    if (!event || !isVoidable(event.type) || voidedBy !== null) return { event, voidedBy, without: null };
    // Another event was voided meanwhile: the events before it have to be folded again.
    const start = isEqual(voids, prepared.voids) ? prepared : await this.findStart(session, agentType, version, voids);
    const { state } = await this.fold(agentType, start, (work) => work(session));
    return { event, voidedBy, without: state };
  }

  /**
   * The newest checkpoint before the event whose state contains no event that was voided after it; without one, the state
   * before the first event.
   */
  private async findStart(
    session: Session,
    agentType: string,
    version: number,
    voids: ReadonlyMap<number, number>,
  ): Promise<PartialFold> {
    let upTo = version - 1;
    for (;;) {
      upTo -= upTo % CHECKPOINT_INTERVAL;
      const contained = [...voids].filter(([voided, by]) => voided <= upTo && by > upTo).map(([voided]) => voided);
      if (contained.length === 0) break;
      upTo = contained.reduce((one, other) => Math.min(one, other)) - 1;
    }
    const state = upTo === 0 ? null : await this.ledger.findCheckpoint(session, agentType, upTo);
    return { version, voids, upTo: state ? upTo : 0, state };
  }

  private async fold(agentType: string, start: PartialFold, run: RunRead): Promise<PartialFold> {
    const { version, voids } = start;
    const page = new FetchSize(PAGE_BYTES);
    let { upTo, state } = start;
    for (;;) {
      const events = await run((session) => this.ledger.readAfter(session, agentType, upTo, page.count));
      for (const event of events) {
        state = evolveWithout(state, event, event.version === version || voids.has(event.version));
        upTo = event.version;
      }
      if (events.length < page.count) return { version, voids, upTo, state };
      page.record(
        events.length,
        events.reduce((sum, { size }) => sum + size, 0),
      );
    }
  }
}

function isEqual(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): boolean {
  return one.size === other.size && [...one.keys()].every((version) => other.has(version));
}
