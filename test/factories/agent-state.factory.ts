import { type AgentState, defaultState } from '../../src/progression/agent-state.js';
import type { JsonObject } from '../../src/progression/json.js';
import { NOW } from './decision.factory.js';

/** An agent that was created just now and has done nothing, but for what the test says. */
export function createAgentState(overrides: Partial<AgentState> = {}): AgentState {
  const identity = {
    id: '00000000-0000-7000-8000-000000000000',
    agent_id: 'guardian_agent',
    agent_type: 'guardian',
    created_at: NOW,
  };
  return { ...defaultState(identity, 1, NOW), ...overrides };
}

/** A history of results, oldest first: `+` is a passed test, `-` a failed one. */
export function createHistory(outcomes: string): JsonObject[] {
  return [...outcomes].map((outcome) => ({ test_type: 'custody', passed: outcome === '+', score: 80 }));
}

/** With what the gates look at: whether each of the newest tests was passed. */
export function withRecentOutcomes(state: AgentState): AgentState & { recent_outcomes: boolean[] } {
  const outcomes = state.test_history.flatMap(({ passed }) => (typeof passed === 'boolean' ? [passed] : []));
  return { ...state, recent_outcomes: outcomes.slice(-5) };
}

/** A time this far after NOW, or before it (below 0). */
export function later(milliseconds: number): Date {
  return new Date(NOW.getTime() + milliseconds);
}
