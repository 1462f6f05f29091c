import type { AgentState, SettableColumn } from './agent-state.js';
import type { FixedColumns } from './fixed-columns.js';
import type { JsonObject } from './json.js';
import type { Difficulty } from './levels.js';

export const CATEGORIES = [
  'knowledge_verification',
  'code_quality',
  'security_awareness',
  'performance_optimization',
  'innovation_capability',
  'self_improvement',
  'cross_ai_collaboration',
  'experimental_validation',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** The result of a custody test. */
export interface CustodyTestResult {
  passed: boolean;
  /** 0–100 */
  score: number;
  /** Seconds, ≥ 0. */
  duration: number;
  /** When the test ended; the time of arrival when left out. */
  timestamp?: Date | undefined;
  /** Custody XP for passing; DEFAULT_TEST_XP when left out. A failed test awards none. */
  xp_awarded?: number | undefined;
  category?: Category | undefined;
  /** The agent's current difficulty when left out. */
  difficulty?: Difficulty | undefined;
  /** Anything else about the test. It is kept with the event, and changes nothing. */
  details?: JsonObject | undefined;
}

/** The result of an adversarial test; it is passed at the pass mark. */
export interface AdversarialTestResult {
  /** 0–100 */
  score: number;
  is_winner: boolean;
  /** When the test ended; the time of arrival when left out. */
  timestamp?: Date | undefined;
  /** General XP for passing; DEFAULT_TEST_XP when left out. A failed test awards none. */
  xp_awarded?: number | undefined;
  scenario_domain?: string | undefined;
  scenario_complexity?: string | undefined;
  winner_reasoning?: string | undefined;
  /** Anything else about the test. It is kept with the event, and changes nothing. */
  details?: JsonObject | undefined;
}

/** What an agent learned. */
export interface LearningData {
  /** Replaces the score. */
  learning_score?: number | undefined;
  /** Added to the total. */
  learning_cycles?: number | undefined;
  /** General XP, added. */
  xp_awarded?: number | undefined;
  /** Ratios 0–1; they replace the rates. */
  success_rate?: number | undefined;
  failure_rate?: number | undefined;
  /** Appended, oldest first. */
  learning_patterns?: unknown[] | undefined;
  improvement_suggestions?: unknown[] | undefined;
}

/** An agent as it was elsewhere. */
export interface ImportData {
  agent: AgentState;
  /** What it was made of, as it was found. */
  original: readonly JsonObject[];
}

/** Named columns are set; what follows from them follows (see `follow.ts`). */
export type MetricsUpdate = { [Column in SettableColumn]?: AgentState[Column] };

/** A row as a client sends it: columns to set, and fixed ones, which must be the agent's. */
export type RowUpdate = MetricsUpdate & FixedColumns;

/**
 * Whether a command only appends to the agent's lists and leaves its documents (capabilities, config) alone. Then neither
 * need be known: what the rules make of an agent without them is what to append.
 */
export function appendsOnly(command: Command): boolean {
  return !['update', 'reset', 'custody_reset', 'import'].includes(command.type);
}

/** A wish to change one agent, not yet decided. */
export type Command =
  /** Creates the agent with its defaults; changes nothing when it exists. */
  | { type: 'create' }
  | { type: 'custody_test'; data: CustodyTestResult }
  | { type: 'adversarial_test'; data: AdversarialTestResult }
  | { type: 'learning'; data: LearningData }
  /** Adds (or, below 0, takes) custody XP of an existing agent. */
  | { type: 'custody_xp'; data: { amount: number } }
  /** Sets columns; `mustExist` refuses to create the agent. */
  | { type: 'update'; data: RowUpdate; mustExist?: boolean }
  /** Puts an existing agent back to its defaults. */
  | { type: 'reset' }
  /** Puts what custody tests made of an existing agent back to the defaults. */
  | { type: 'custody_reset' }
  /** Takes over an agent as it was elsewhere; one that exists keeps its id and the time of its creation. */
  | { type: 'import'; data: ImportData };
