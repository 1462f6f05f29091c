import { type AgentState, defaultState, withoutCustody, OLDEST_RULES_VERSION, RULES_VERSION } from './agent-state.js';
import type { AgentEvent, EventPayloads, VoidedColumns } from './events.js';
import { combine } from './combine.js';
import { derivedFrom, following } from './derived-columns.js';
import { IMPORTED_COLUMNS, withImported, withTimes } from './import.js';
import { INTEGER_MAX } from './ranges.js';
import type { JsonObject } from './json.js';
import { custodyLevelForXp, followingDifficulty, raisedLevel } from './levels.js';
import { appended, newerThan, NOTHING_NEWER, streaksAfter, testRates, withEntry } from './test-results.js';

/**
 * Folds one event into the agent's state. Pure function: independent of the clock and the settings.
 *
 * @throws Error if the event is not the next one, or its rules version is unknown: the ledger is damaged or was written
 *   by a newer release
 */
export function evolve(state: AgentState | null, event: AgentEvent): AgentState {
  const expected = (state?.version ?? 0) + 1;
  const follows = state ? event.type !== 'created' : event.type === 'created' || event.type === 'imported';
  const isKnown = event.rules_version >= OLDEST_RULES_VERSION && event.rules_version <= RULES_VERSION;
  if (event.version !== expected || !isKnown || !follows) {
    throw new Error(
      `event ${event.version} (${event.type}, rules ${event.rules_version}) of agent ${JSON.stringify(event.agent_type)}` +
        ` does not follow version ${expected - 1} under rules ${OLDEST_RULES_VERSION} to ${RULES_VERSION}`,
    );
  }
  const next = state ? change(state, event) : create(event);
  return { ...next, version: event.version, updated_at: event.recorded_at };
}

/** Folds a list of events, oldest first. */
export function fold(state: AgentState | null, events: readonly AgentEvent[]): AgentState | null {
  return events.reduce<AgentState | null>(evolve, state);
}

function create(event: AgentEvent): AgentState {
  const { agent_type, version, recorded_at } = event;
  switch (event.type) {
    case 'created':
      return defaultState({ ...event.payload, agent_type, created_at: recorded_at }, version, recorded_at);
    case 'imported': {
      const { id, created_at, columns } = event.payload;
      const identity = { id, agent_id: columns.agent_id, agent_type, created_at: new Date(created_at) };
      return withImported(defaultState(identity, version, recorded_at), columns);
    }
    default:
      throw new Error('the first event of an agent is its creation or its import');
  }
}

function change(state: AgentState, event: AgentEvent): AgentState {
  switch (event.type) {
    case 'created':
      return state;
    case 'custody_test': {
      const { passed, xp_awarded } = event.payload;
      if (passed === null) return state;
      const tested = countTest(state, 'custody', event.payload, event.rules_version);
      return passed ? addCustodyXp(tested, xp_awarded, Math.max) : tested;
    }
    case 'adversarial_test': {
      const { passed, xp_awarded, is_winner } = event.payload;
      if (passed === null) return state;
      const tested = addXp(countTest(state, 'adversarial', event.payload, event.rules_version), xp_awarded);
      return { ...tested, adversarial_wins: state.adversarial_wins + (is_winner === true ? 1 : 0) };
    }
    case 'learning': {
      const learned = event.payload;
      const cycles = learned.learning_cycles ?? 0;
      return {
        ...addXp(state, learned.xp_awarded ?? 0),
        learning_score: learned.learning_score ?? state.learning_score,
        success_rate: learned.success_rate ?? state.success_rate,
        failure_rate: learned.failure_rate ?? state.failure_rate,
        total_learning_cycles: state.total_learning_cycles + cycles,
        last_learning_cycle: cycles > 0 ? event.occurred_at : state.last_learning_cycle,
        learning_patterns: appended(
          state.learning_patterns,
          learned.learning_patterns ?? [],
          learned.learning_patterns_size,
        ),
        improvement_suggestions: appended(
          state.improvement_suggestions,
          learned.improvement_suggestions ?? [],
          learned.improvement_suggestions_size,
        ),
      };
    }
    case 'custody_xp':
      return addCustodyXp(state, event.payload.amount, (_, reached) => reached);
    case 'updated':
      return updated(state, event.payload, event.rules_version);
    case 'reset':
      return defaultState(state, event.version, event.recorded_at);
    case 'custody_reset':
      return withoutCustody(state);
    case 'edit_discarded':
      return state;
    case 'voided':
      return withVoidedColumns(state, event.payload.columns);
    case 'imported':
      return withImported(state, event.payload.columns);
    case 'renamed':
      return { ...state, agent_type: event.payload.to };
    case 'merged':
      return combine(state, event.payload);
    case 'merged_into':
      // The agent no longer exists under its name.
      return { ...state, agent_type: event.payload.into };
  }
}

/** Only columns that an import can set: the payload may come from a file. */
function withVoidedColumns(state: AgentState, columns: VoidedColumns): AgentState {
  const known = Object.fromEntries(
    IMPORTED_COLUMNS.flatMap((column) => (columns[column] === undefined ? [] : [[column, columns[column]]])),
  ) as VoidedColumns;
  return { ...state, ...known, ...withTimes(known) } as AgentState;
}

function updated(state: AgentState, update: EventPayloads['updated'], rulesVersion: number): AgentState {
  const next = { ...state, ...following(state, update), ...update };
  return rulesVersion === 1 ? next : { ...next, ...derivedFrom(state, next, update) };
}

type TestPayload = EventPayloads['custody_test'] | EventPayloads['adversarial_test'];

/** Applies a test of either type to counters, streaks, rates, times and the history. */
function countTest(
  state: AgentState,
  testType: string,
  { test_history_size, ...result }: TestPayload,
  rulesVersion: number,
): AgentState {
  const passed = result.passed === true;
  const time = new Date(result.timestamp);
  const entry: JsonObject = { test_type: testType, ...(result as JsonObject) };
  // Details and evidence are stored in the event only.
  if (result.details !== undefined) delete entry['details'];
  if (result.evidence !== undefined) delete entry['evidence'];
  const newer = rulesVersion === 1 ? NOTHING_NEWER : newerThan(time, state);
  const counters = {
    total_tests_given: state.total_tests_given + 1,
    total_tests_passed: state.total_tests_passed + (passed ? 1 : 0),
    total_tests_failed: state.total_tests_failed + (passed ? 0 : 1),
  };
  return {
    ...state,
    ...counters,
    ...testRates(counters),
    ...streaksAfter(state, passed, newer, test_history_size),
    last_success: passed ? later(state.last_success, time) : state.last_success,
    last_failure: passed ? state.last_failure : later(state.last_failure, time),
    last_test_date: later(state.last_test_date, time),
    test_history: withEntry(state.test_history, entry, newer, test_history_size),
  };
}

/** Returns the later time: a late result does not move the agent's times backward. */
function later(known: Date | null, time: Date): Date {
  return known && known > time ? known : time;
}

function addXp(state: AgentState, amount: number): AgentState {
  if (amount === 0) return state;
  const xp = Math.min(INTEGER_MAX, state.xp + amount);
  return { ...state, xp, level: raisedLevel(state.level, xp) };
}

/** Adds custody XP (negative: subtracts), minimum 0. `choose` selects the new custody level. */
function addCustodyXp(
  state: AgentState,
  amount: number,
  choose: (level: number, reached: number) => number,
): AgentState {
  const custody_xp = Math.min(INTEGER_MAX, Math.max(0, state.custody_xp + amount));
  const custody_level = choose(state.custody_level, custodyLevelForXp(custody_xp));
  return { ...state, custody_xp, custody_level, current_difficulty: followingDifficulty(state, custody_level) };
}
