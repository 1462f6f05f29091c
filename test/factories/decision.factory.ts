import { INTEGER_MAX } from '../../src/progression/ranges.js';
import type { DecisionContext } from '../../src/progression/create-event.js';
import type { AgentState } from '../../src/progression/agent-state.js';
import type { Command } from '../../src/progression/commands.js';
import { decide } from '../../src/progression/decide.js';
import type { DecidedEvent } from '../../src/progression/events.js';

export const NOW = new Date('2026-01-01T12:00:00.000Z');

export function createContext(overrides: Partial<DecisionContext> = {}): DecisionContext {
  return {
    agentType: 'guardian',
    now: NOW,
    rules: {
      passMark: 70,
      maxXpAwarded: INTEGER_MAX,
      windows: { testHistory: 50, learningPatterns: 100, improvementSuggestions: 50 },
      sizes: { document: 65_536, listItem: 4_096 },
    },
    newId: () => '00000000-0000-7000-8000-000000000000',
    ...overrides,
  };
}

/** Decides commands one after the other; those that are refused change nothing. */
export function carryOut(
  commands: readonly Command[],
  context: DecisionContext = createContext(),
  state: AgentState | null = null,
): { state: AgentState | null; events: DecidedEvent[]; refused: number } {
  const events: DecidedEvent[] = [];
  let refused = 0;
  for (const command of commands) {
    const decision = decide(state, command, context);
    if (decision.rejected) {
      refused++;
    } else {
      events.push(...decision.events);
      state = decision.state;
    }
  }
  return { state, events, refused };
}

/** The state that accepted commands lead to. */
export function stateAfter(commands: readonly Command[], context = createContext()): AgentState {
  const { state, refused } = carryOut(commands, context);
  if (!state || refused > 0) throw new Error('a command was refused');
  return state;
}
