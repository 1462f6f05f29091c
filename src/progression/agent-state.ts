import type { JsonObject } from './json.js';
import { COUNT, LEARNING_SCORE, LEVEL, type Range, RATIO } from './ranges.js';

/** The state of one agent: the fold of its events. Names equal the table's columns and the API's fields. */
export interface AgentState {
  id: string;
  agent_id: string;
  agent_type: string;
  /** Number of the newest event: 1, 2, 3, … */
  version: number;
  learning_score: number;
  /** Ratios 0–1, reported by learning. */
  success_rate: number;
  failure_rate: number;
  /** Tests passed / tests given, 0–1. */
  pass_rate: number;
  total_learning_cycles: number;
  last_learning_cycle: Date | null;
  last_success: Date | null;
  last_failure: Date | null;
  xp: number;
  level: number;
  prestige: number;
  current_difficulty: string;
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
  consecutive_successes: number;
  consecutive_failures: number;
  last_test_date: Date | null;
  /** Lists are ordered from oldest to newest. */
  test_history: JsonObject[];
  custody_level: number;
  custody_xp: number;
  adversarial_wins: number;
  learning_patterns: unknown[];
  improvement_suggestions: unknown[];
  status: string;
  is_active: boolean;
  priority: string;
  capabilities: unknown;
  config: unknown;
  created_at: Date;
  updated_at: Date;
}

/**
 * Version of the rules and of the recorded columns. An event is folded by the rules that it was decided under.
 *
 * 1: Test results count in the order of arrival. An update may set rates that contradict the counters.
 * 2: Test results count in the order of their times. Rates follow from the counters. XP stop at the largest integer.
 * 3: A test can be errored. An event can be voided. An agent can be renamed and merged.
 */
export const RULES_VERSION = 3;
/** The oldest version whose events can be folded. */
export const OLDEST_RULES_VERSION = 1;

/** Column descriptor. Column lists, defaults, invariants and the DTO checks are derived from it. */
interface Column<Value> {
  /**
   * `recorded`: part of the result of every event and of the responses of updates; may be set by an update.
   * `settable`: may be set by an update. `fixed`: set by recorded events only.
   */
  kind: 'recorded' | 'settable' | 'fixed';
  /** Value of a new agent. Columns without one identify the agent or date its row. */
  default?: Value;
  /** Allowed values of a number after every event. */
  range?: Range;
  /** Reset to the default by a custody reset. */
  custody?: true;
  /** Rules version that introduced the column; results of older events do not have it. Omitted: 1. */
  since?: number;
}

const recorded = { kind: 'recorded' } as const;
const custody = { kind: 'recorded', custody: true } as const;
const settable = { kind: 'settable' } as const;
const fixed = { kind: 'fixed' } as const;

/** The columns of an agent, in the order of the table. To add one, see CONTRIBUTING.md. */
export const COLUMNS = {
  id: fixed,
  agent_id: settable,
  agent_type: fixed,
  version: fixed,
  learning_score: { ...recorded, default: 0, range: LEARNING_SCORE },
  success_rate: { ...recorded, default: 0, range: RATIO },
  failure_rate: { ...custody, default: 0, range: RATIO },
  pass_rate: { ...custody, default: 0, range: RATIO },
  total_learning_cycles: { ...recorded, default: 0, range: COUNT },
  last_learning_cycle: { ...fixed, default: null },
  last_success: { ...fixed, default: null, custody: true },
  last_failure: { ...fixed, default: null, custody: true },
  xp: { ...recorded, default: 0, range: COUNT },
  level: { ...recorded, default: 1, range: LEVEL },
  prestige: { ...recorded, default: 0, range: COUNT },
  current_difficulty: { ...custody, default: 'basic' },
  total_tests_given: { ...custody, default: 0, range: COUNT },
  total_tests_passed: { ...custody, default: 0, range: COUNT },
  total_tests_failed: { ...custody, default: 0, range: COUNT },
  consecutive_successes: { ...custody, default: 0, range: COUNT },
  consecutive_failures: { ...custody, default: 0, range: COUNT },
  last_test_date: { ...fixed, default: null, custody: true },
  test_history: { ...settable, default: [], custody: true },
  custody_level: { ...custody, default: 1, range: LEVEL },
  custody_xp: { ...custody, default: 0, range: COUNT },
  adversarial_wins: { ...custody, default: 0, range: COUNT },
  learning_patterns: { ...settable, default: [] },
  improvement_suggestions: { ...settable, default: [] },
  status: { ...recorded, default: 'idle' },
  is_active: { ...recorded, default: true },
  priority: { ...recorded, default: 'medium' },
  capabilities: { ...settable, default: null },
  config: { ...settable, default: null },
  created_at: fixed,
  updated_at: fixed,
} as const satisfies { [Name in keyof AgentState]: Column<AgentState[Name]> };

type Columns = typeof COLUMNS;
/** Names of the columns whose descriptor has these members. */
type NameWith<Members> = { [Name in keyof Columns]: Columns[Name] extends Members ? Name : never }[keyof Columns];

const ENTRIES = Object.entries(COLUMNS) as [keyof AgentState, Column<unknown>][];

function namesWith<Members extends Partial<Column<unknown>>>(matches: (column: Column<unknown>) => boolean) {
  return ENTRIES.filter(([, column]) => matches(column)).map(([name]) => name) as NameWith<Members>[];
}

/** Columns in the result of every event: scalar values that commands change. */
export const SNAPSHOT_COLUMNS = namesWith<{ kind: 'recorded' }>(({ kind }) => kind === 'recorded');
/** Columns that a PUT or a bulk update may set. */
export const SETTABLE_COLUMNS = namesWith<{ kind: 'recorded' | 'settable' }>(({ kind }) => kind !== 'fixed');
/** Read-only columns: identity, and times that only recorded events set. */
export const FIXED_COLUMNS = namesWith<{ kind: 'fixed' }>(({ kind }) => kind === 'fixed');
/** Columns with a range. */
export const RANGED_COLUMNS = namesWith<{ range: Range }>(({ range }) => range !== undefined);
const CUSTODY_COLUMNS = namesWith<{ custody: true }>((column) => column.custody === true);
const DEFAULTS = Object.fromEntries(
  ENTRIES.flatMap(([name, column]) => ('default' in column ? [[name, column.default]] : [])),
) as Pick<AgentState, NameWith<{ default: unknown }>>;

/** Column that an update can set. */
export type SettableColumn = NameWith<{ kind: 'recorded' | 'settable' }>;
export type FixedColumn = NameWith<{ kind: 'fixed' }>;

/** Identity of an agent; a reset keeps it. */
export type AgentIdentity = Pick<AgentState, 'id' | 'agent_id' | 'agent_type' | 'created_at'>;

/** Returns the state of a new agent. */
export function defaultState(
  { id, agent_id, agent_type, created_at }: AgentIdentity,
  version: number,
  updatedAt: Date,
): AgentState {
  return { id, agent_id, agent_type, version, ...DEFAULTS, created_at, updated_at: updatedAt };
}

/** Returns the agent with its custody columns reset. General XP, level and learning are retained. */
export function withoutCustody(state: AgentState): AgentState {
  const defaults = defaultState(state, state.version, state.updated_at);
  return { ...state, ...Object.fromEntries(CUSTODY_COLUMNS.map((column) => [column, defaults[column]])) };
}

/** Scalar columns of the agent after an event. Part of the event's result and of responses. */
export type AgentSnapshot = Pick<AgentState, NameWith<{ kind: 'recorded' }>>;

/** Returns the snapshot of an agent. A literal in the key order of canonical JSON, for speed. */
export function snapshot(state: AgentState): AgentSnapshot {
  return {
    adversarial_wins: state.adversarial_wins,
    consecutive_failures: state.consecutive_failures,
    consecutive_successes: state.consecutive_successes,
    current_difficulty: state.current_difficulty,
    custody_level: state.custody_level,
    custody_xp: state.custody_xp,
    failure_rate: state.failure_rate,
    is_active: state.is_active,
    learning_score: state.learning_score,
    level: state.level,
    pass_rate: state.pass_rate,
    prestige: state.prestige,
    priority: state.priority,
    status: state.status,
    success_rate: state.success_rate,
    total_learning_cycles: state.total_learning_cycles,
    total_tests_failed: state.total_tests_failed,
    total_tests_given: state.total_tests_given,
    total_tests_passed: state.total_tests_passed,
    xp: state.xp,
  };
}

/** Returns the snapshot as of a rules version, without columns that later versions introduced. */
export function snapshotUnder(rulesVersion: number, state: AgentState): Partial<AgentSnapshot> {
  const later = namesSince(rulesVersion);
  if (later.size === 0) return snapshot(state);
  return Object.fromEntries(Object.entries(snapshot(state)).filter(([name]) => !later.has(name)));
}

/** Names of the columns that were introduced after a rules version. */
export function namesSince(rulesVersion: number): ReadonlySet<string> {
  return new Set(ENTRIES.flatMap(([name, { since = 1 }]) => (since > rulesVersion ? [name] : [])));
}
