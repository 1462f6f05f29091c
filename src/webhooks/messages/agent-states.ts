import type { PastAgents } from '../../agent-metrics/index.js';
import { DomainError } from '../../common/index.js';
import type { TransactionRunner } from '../../database/transactions/index.js';
import type { FeedEvent } from '../../feed/index.js';
import { type AgentEvent, type AgentState, evolve } from '../../progression/index.js';
import type { Step } from './build-messages.js';

/** Number of agents whose states are kept. */
const AGENTS_MAX = 500;

/** States of agents before and after the events of a feed, which are read in order. */
export class AgentStates {
  /** By agent type, in the order of their last use. */
  private readonly states = new Map<string, AgentState>();

  constructor(
    private readonly past: PastAgents,
    private readonly transactions: TransactionRunner,
  ) {}

  /** Returns null if the agent was renamed or erased since, or the ledger was changed outside the service. */
  async step(event: FeedEvent): Promise<Step | null> {
    const { agent_type, version } = event;
    const before = version === 1 ? null : await this.find(agent_type, version - 1);
    if (before === undefined) return null;
    const after = tryEvolve(before, event);
    if (after) this.keep(after);
    return after && { before, after };
  }

  /** State of an agent at a version; undefined if it is unknown. */
  async find(agentType: string, version: number): Promise<AgentState | undefined> {
    const kept = this.states.get(agentType);
    if (kept?.version === version) return kept;
    const read = await this.transactions.read((session) =>
      this.past.list(session, new Map([[agentType, version]])).catch((error: unknown) => {
        // Events that were changed outside the service may not be foldable. Failures of the database are repeated.
        if (error instanceof DomainError && error.code !== 'internal_error') throw error;
        return new Map<string, AgentState>();
      }),
    );
    const state = read.get(agentType);
    return state?.version === version ? { ...state, agent_type: agentType } : undefined;
  }

  private keep(state: AgentState): void {
    this.states.delete(state.agent_type);
    this.states.set(state.agent_type, state);
    const [oldest] = this.states.keys();
    if (this.states.size > AGENTS_MAX && oldest !== undefined) this.states.delete(oldest);
  }
}

/** Null: the event or the state was changed outside the service. */
function tryEvolve(before: AgentState | null, event: FeedEvent): AgentState | null {
  try {
    return toKeptState({ ...evolve(before, event as unknown as AgentEvent), agent_type: event.agent_type });
  } catch {
    return null;
  }
}

/** Without the documents, which can be long and on which no message depends. */
function toKeptState(state: AgentState): AgentState {
  return {
    ...state,
    learning_patterns: [],
    improvement_suggestions: [],
    capabilities: null,
    config: null,
    test_history: state.test_history.map(({ passed, timestamp }) => ({
      ...(passed !== undefined && { passed }),
      ...(timestamp !== undefined && { timestamp }),
    })),
  };
}
