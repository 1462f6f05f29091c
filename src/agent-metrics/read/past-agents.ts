import { Injectable } from '@nestjs/common';
import { agentNotFound, Clock, DomainError, ThrowsDomainErrors, validationFailed } from '../../common/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { FetchSize } from '../../database/values/index.js';
import { assertAgentType, type AsOf, parseAsOf } from '../../http/parameters/index.js';
import { LedgerRepository } from '../../ledger/index.js';
import { type AgentState, evolve, FUTURE_TOLERANCE_MS } from '../../progression/index.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { eventNotFound } from './errors.js';

/** Target size of a page of events, in bytes as stored. */
const PAGE_BYTES = 1024 * 1024;

/** An agent as it was known at a moment in the past. */
export interface PastAgent {
  agent: AgentMetrics;
  /** The requested time, or the time at which the requested version was recorded. */
  at: Date;
  /** The newest event that had been recorded. */
  as_of: { version: number; recorded_at: Date };
}

/**
 * Reads agents as of a version or a time from the ledger: the newest checkpoint before it, and the events after the
 * checkpoint. The cost does not depend on the number of events of the agent, except for events of releases without
 * checkpoints. Throws DomainError only.
 */
@Injectable()
@ThrowsDomainErrors()
export class PastAgents {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly ledger: LedgerRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads an agent.
   *
   * @param asOf version; or a time, as a Date or ISO 8601 text: the newest event recorded until then
   * @throws DomainError `validation_failed` if it is invalid or in the future; `agent_not_found` if there is no agent, or it
   *   did not exist at that time; `event_not_found` if the agent has no such version
   */
  async get(agentType: string, asOf: AsOf | string): Promise<PastAgent> {
    assertAgentType(agentType);
    const moment = this.assertPast(parseAsOf(asOf));
    return this.transactions.read((session) => this.read(session, agentType, moment));
  }

  /** Reads agents at these versions. Those that do not exist are omitted. */
  async list(session: Session, versions: ReadonlyMap<string, number>): Promise<Map<string, AgentState>> {
    const agents = new Map<string, AgentState>();
    for (const [agentType, version] of versions) {
      const state = await this.fold(session, agentType, version);
      if (state) agents.set(agentType, state);
    }
    return agents;
  }

  /** @throws DomainError `validation_failed` if the time is in the future, by more than clocks differ */
  assertPast<Moment extends AsOf>(asOf: Moment): Moment {
    const now = this.clock.now();
    if (asOf instanceof Date && asOf.getTime() > now.getTime() + FUTURE_TOLERANCE_MS) {
      throw validationFailed([{ field: 'as_of', detail: `must not be in the future; it is ${now.toISOString()}` }]);
    }
    return asOf;
  }

  private async read(session: Session, agentType: string, asOf: AsOf): Promise<PastAgent> {
    const version = asOf instanceof Date ? await this.ledger.findVersionAt(session, agentType, asOf) : asOf;
    const event = version === 0 ? null : await this.ledger.findEvent(session, agentType, version);
    if (!event) throw await this.explainAbsence(session, agentType, asOf);
    const state = await this.fold(session, agentType, version);
    if (!state) throw eventNotFound(agentType, version);
    const { recorded_at, hash } = event;
    const agent = { ...state, agent_type: agentType, ledger_hash: hash.toString('hex') };
    return { agent, at: asOf instanceof Date ? asOf : recorded_at, as_of: { version, recorded_at } };
  }

  private async fold(session: Session, agentType: string, version: number): Promise<AgentState | null> {
    let state = await this.ledger.findCheckpoint(session, agentType, version);
    const page = new FetchSize(PAGE_BYTES);
    for (let upTo = state?.version ?? 0; upTo < version;) {
      const limit = Math.min(page.count, version - upTo);
      const events = await this.ledger.readAfter(session, agentType, upTo, limit);
      for (const event of events) state = evolve(state, event);
      if (events.length < limit) break;
      upTo += events.length;
      page.record(
        events.length,
        events.reduce((sum, { size }) => sum + size, 0),
      );
    }
    return state;
  }

  private async explainAbsence(session: Session, agentType: string, asOf: AsOf): Promise<DomainError> {
    const first = await this.ledger.findEvent(session, agentType, 1);
    if (!first) return agentNotFound(agentType);
    if (!(asOf instanceof Date)) return eventNotFound(agentType, asOf);
    const [name, time] = [JSON.stringify(agentType), asOf.toISOString()];
    return new DomainError(
      'agent_not_found',
      `The agent ${name} did not exist at ${time}; it was created at ${first.recorded_at.toISOString()}.`,
    );
  }
}
