import { type AgentState, RULES_VERSION, SETTABLE_COLUMNS } from './agent-state.js';
import type {
  AdversarialTestResult,
  Command,
  CustodyTestResult,
  LearningData,
  MergeData,
  MetricsUpdate,
  VoidData,
} from './commands.js';
import type { AgentEvent, EventPayloads, EventType } from './events.js';
import type { RuleSettings } from './rule-settings.js';
import { toMergedAgent } from './import.js';
import { isPassed, type Outcome } from './outcome.js';
import { newest } from './test-results.js';
import { changedColumns, type Voiding } from './voiding.js';

/** XP of a passed test whose result does not specify any. */
export const DEFAULT_TEST_XP = 10;

/** Inputs of a decision besides the state and the command. */
export interface DecisionContext {
  agentType: string;
  now: Date;
  /** Hash of the agent's newest event; null if there is none. */
  head?: Buffer | null;
  /** Metrics row modified outside the service since the newest event; otherwise null. The modification is discarded. */
  edited?: AgentState | null;
  /** Whether the state has the lists and documents of the agent. Default: true. */
  isWhole?: boolean;
  /** Event that the command voids. */
  voiding?: Voiding | null;
  /** Requested values of `agent_id` that other agents have. */
  takenAgentIds?: ReadonlySet<string>;
  rules: RuleSettings;
  /** Generates the id of a new agent. */
  newId: () => string;
}

/**
 * Creates the next event of an agent.
 *
 * @param state null if the agent does not exist
 * @param at time of the event as reported by the client
 */
export function nextEvent<Type extends EventType>(
  state: AgentState | null,
  { agentType, now }: DecisionContext,
  type: Type,
  payload: EventPayloads[Type],
  at = now,
): AgentEvent {
  return {
    agent_type: agentType,
    version: (state?.version ?? 0) + 1,
    rules_version: RULES_VERSION,
    occurred_at: at,
    recorded_at: now,
    type,
    payload,
  } as AgentEvent;
}

/** Creates the event of a command to an existing agent, with defaults applied; null if the command changes nothing. */
export function createEvent(
  command: Exclude<Command, { type: 'import' }>,
  state: AgentState,
  context: DecisionContext,
): AgentEvent | null {
  const { rules } = context;
  switch (command.type) {
    case 'create':
      return null;
    case 'custody_test':
      return custodyTest(command.data, state, context);
    case 'adversarial_test':
      return adversarialTest(command.data, state, context);
    case 'learning':
      return nextEvent(state, context, 'learning', learning(command.data, rules));
    case 'custody_xp':
      return nextEvent(state, context, 'custody_xp', { amount: command.data.amount });
    case 'update':
      return nextEvent(state, context, 'updated', columnsSet(command.data, rules));
    case 'void':
      return nextEvent(state, context, 'voided', voided(command.data, state, context));
    case 'reset':
    case 'custody_reset':
      return nextEvent(state, context, command.type, {});
    case 'rename':
      return nextEvent(state, context, 'renamed', { from: state.agent_type, to: command.data.to });
    case 'merge':
      return nextEvent(state, context, 'merged', merged(command.data, rules));
    case 'merge_into':
      return nextEvent(state, context, 'merged_into', command.data);
  }
}

function custodyTest(data: CustodyTestResult, state: AgentState, context: DecisionContext): AgentEvent {
  const at = data.timestamp ?? context.now;
  const passed = isPassed(data);
  const payload = {
    ...named(data, ['category', 'details']),
    difficulty: data.difficulty ?? state.current_difficulty,
    ...named(data, ['duration', 'evidence']),
    ...judgment(passed),
    ...named(data, ['score']),
    test_history_size: context.rules.windows.testHistory,
    timestamp: at.toISOString(),
    xp_awarded: xpForTest(passed, data.xp_awarded),
  };
  return nextEvent(state, context, 'custody_test', payload, at);
}

function adversarialTest(data: AdversarialTestResult, state: AgentState, context: DecisionContext): AgentEvent {
  const { now, rules } = context;
  const at = data.timestamp ?? now;
  const passed = isAdversarialPassed(data, rules);
  const payload = {
    ...judgment(passed),
    ...named(data, ['score', 'is_winner']),
    timestamp: at.toISOString(),
    xp_awarded: xpForTest(passed, data.xp_awarded),
    difficulty: state.current_difficulty,
    ...named(data, ['scenario_domain', 'scenario_complexity', 'winner_reasoning', 'details', 'evidence']),
    test_history_size: rules.windows.testHistory,
  };
  return nextEvent(state, context, 'adversarial_test', payload, at);
}

/** Whether an adversarial test was passed; null if it errored. */
export function isAdversarialPassed(
  { outcome, score }: AdversarialTestResult,
  { passMark }: RuleSettings,
): boolean | null {
  return outcome === 'errored' ? null : (score ?? 0) >= passMark;
}

function judgment(passed: boolean | null): { passed: boolean } | { passed: null; outcome: Outcome & 'errored' } {
  return passed === null ? { outcome: 'errored', passed } : { passed };
}

function xpForTest(passed: boolean | null, awarded = DEFAULT_TEST_XP): number {
  return passed === true ? awarded : 0;
}

function learning(data: LearningData, { windows }: RuleSettings): EventPayloads['learning'] {
  return {
    ...named(data, [
      'learning_score',
      'learning_cycles',
      'xp_awarded',
      'success_rate',
      'failure_rate',
      'learning_patterns',
      'improvement_suggestions',
    ]),
    learning_patterns_size: windows.learningPatterns,
    improvement_suggestions_size: windows.improvementSuggestions,
  };
}

function voided(
  { version, reason }: VoidData,
  state: AgentState,
  { voiding }: DecisionContext,
): EventPayloads['voided'] {
  if (!voiding?.without) throw new Error('an event to void without the state without it');
  return { columns: changedColumns(state, voiding.without), reason, version };
}

function merged({ agent, head }: MergeData, { windows }: RuleSettings): EventPayloads['merged'] {
  return {
    improvement_suggestions_size: windows.improvementSuggestions,
    learning_patterns_size: windows.learningPatterns,
    source: toMergedAgent(agent, head),
    test_history_size: windows.testHistory,
  };
}

/** Returns the settable columns of an update, with lists cut to their windows. */
export function columnsSet(data: MetricsUpdate, { windows }: RuleSettings): EventPayloads['updated'] {
  const set = named(data, SETTABLE_COLUMNS);
  if (set.test_history) set.test_history = newest(set.test_history, windows.testHistory);
  if (set.learning_patterns) set.learning_patterns = newest(set.learning_patterns, windows.learningPatterns);
  if (set.improvement_suggestions) {
    set.improvement_suggestions = newest(set.improvement_suggestions, windows.improvementSuggestions);
  }
  return set;
}

/** Picks fields and omits undefined values, as JSON does. */
function named<T extends object, Key extends keyof T>(data: T, keys: readonly Key[]): Pick<T, Key> {
  const fields: Partial<Pick<T, Key>> = {};
  for (const key of keys) if (data[key] !== undefined) fields[key] = data[key];
  return fields as Pick<T, Key>;
}
