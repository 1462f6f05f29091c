import type { AgentState, SettableColumn } from './agent-state.js';
import type { Evidence } from './evidence.js';
import type { FixedColumns } from './fixed-columns.js';
import type { JsonObject } from './json.js';
import type { Difficulty } from './levels.js';
import type { Outcome } from './outcome.js';

/** Categories of custody tests with a focus and a range of difficulties. Other names are possible. */
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
/** Category with a focus and a range of difficulties. */
export type KnownCategory = (typeof CATEGORIES)[number];
/** Format of a category: a lower-case letter, then up to 49 lower-case letters, digits and underscores. */
export const CATEGORY_PATTERN = /^[a-z][a-z0-9_]{0,49}$/;

/** The result of a custody test. */
export interface CustodyTestResult {
  /** Required unless `outcome` is given. Both must agree. */
  passed?: boolean | undefined;
  /** Default: `passed` or `failed` by `passed`. An errored result changes no counter, streak, rate or XP. */
  outcome?: Outcome | undefined;
  /** 0–100. May be null or omitted only if the test errored. */
  score?: number | null | undefined;
  /** Seconds, ≥ 0; null or omitted: unknown. */
  duration?: number | null | undefined;
  /** End of the test. Default: time of arrival. */
  timestamp?: Date | undefined;
  /** Custody XP for passing. Default: DEFAULT_TEST_XP. A failed test awards none. */
  xp_awarded?: number | undefined;
  /** See CATEGORY_PATTERN. */
  category?: string | undefined;
  /** Default: the agent's current difficulty. */
  difficulty?: Difficulty | undefined;
  /** Additional test data. Stored with the event; does not affect the metrics. */
  details?: JsonObject | undefined;
  evidence?: Evidence | undefined;
}

/** The result of an adversarial test. Passed if the score is at least the pass mark. */
export interface AdversarialTestResult {
  /** Default: by the score and the pass mark, with which it must agree. An errored result changes no counter. */
  outcome?: Outcome | undefined;
  /** 0–100. May be null or omitted only if the test errored. */
  score?: number | null | undefined;
  /** May be omitted only if the test errored. */
  is_winner?: boolean | undefined;
  /** End of the test. Default: time of arrival. */
  timestamp?: Date | undefined;
  /** General XP for passing. Default: DEFAULT_TEST_XP. A failed test awards none. */
  xp_awarded?: number | undefined;
  scenario_domain?: string | undefined;
  scenario_complexity?: string | undefined;
  winner_reasoning?: string | undefined;
  /** Additional test data. Stored with the event; does not affect the metrics. */
  details?: JsonObject | undefined;
  evidence?: Evidence | undefined;
}

/** The result of learning. */
export interface LearningData {
  /** Replaces the learning score. */
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

/** An agent from another source. */
export interface ImportData {
  agent: AgentState;
  /** Source records, unchanged. */
  original: readonly JsonObject[];
}

/** An event to void, and the test result that replaces it. */
export interface VoidData {
  /** Version of the event. */
  version: number;
  reason: string;
  /** Recorded in the same transaction. Its type is that of the voided event. */
  replacement?: Extract<Command, { type: 'custody_test' | 'adversarial_test' }> | undefined;
}

/** The agent that is merged into another one, after its last event. */
export interface MergeData {
  agent: AgentState;
  /** Hash of its last event, in hexadecimal. */
  head: string;
}

/** Columns to set. Derived columns that the update omits are recomputed (see `derived-columns.ts`). */
export type MetricsUpdate = { [Column in SettableColumn]?: AgentState[Column] };

/** A row sent by a client: columns to set, and fixed columns, which must equal those of the agent. */
export type RowUpdate = MetricsUpdate & FixedColumns;

/**
 * Whether a command only appends to the agent's lists and does not change its documents (capabilities, config). Lists
 * and documents then need not be loaded: the resulting lists hold the items to append.
 */
export function appendsOnly(command: Command): boolean {
  return !['update', 'reset', 'custody_reset', 'import', 'void', 'merge'].includes(command.type);
}

/** A requested change to one agent. */
export type Command =
  /** Creates the agent with its defaults. No effect if it exists. */
  | { type: 'create' }
  | { type: 'custody_test'; data: CustodyTestResult }
  | { type: 'adversarial_test'; data: AdversarialTestResult }
  | { type: 'learning'; data: LearningData }
  /** Adds custody XP to an existing agent; a negative amount subtracts. */
  | { type: 'custody_xp'; data: { amount: number } }
  /** Sets columns. Creates the agent unless `mustExist` is set. */
  | { type: 'update'; data: RowUpdate; mustExist?: boolean }
  /** Voids an event of an existing agent. */
  | { type: 'void'; data: VoidData }
  /** Resets an existing agent to its defaults. */
  | { type: 'reset' }
  /** Resets the custody columns of an existing agent. */
  | { type: 'custody_reset' }
  /** Imports an agent. An existing agent keeps its id and created_at. */
  | { type: 'import'; data: ImportData }
  /** Renames an existing agent. */
  | { type: 'rename'; data: { to: string } }
  /** Merges another agent into an existing one. */
  | { type: 'merge'; data: MergeData }
  /** Ends an existing agent that is merged into another one. */
  | { type: 'merge_into'; data: { into: string } };

/** Agent versions in a request; `*` matches any version. */
export type Versions = '*' | readonly number[];

/** Condition on the agent's version, with the semantics of If-Match and If-None-Match in HTTP. */
export interface Precondition {
  /** The agent must have one of these versions. */
  match?: Versions | undefined;
  /** The agent must have none of these versions; `*`: the agent must not exist. */
  noneMatch?: Versions | undefined;
}

/** Whether the precondition holds. `version` is null if the agent does not exist. */
export function holds({ match, noneMatch }: Precondition, version: number | null): boolean {
  return (match === undefined || isOneOf(match, version)) && (noneMatch === undefined || !isOneOf(noneMatch, version));
}

function isOneOf(versions: Versions, version: number | null): boolean {
  return version !== null && (versions === '*' || versions.includes(version));
}
