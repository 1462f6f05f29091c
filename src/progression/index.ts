export {
  type AgentSnapshot,
  type AgentState,
  defaultState,
  type FixedColumn,
  SETTABLE_COLUMNS,
  type SettableColumn,
  snapshot,
  SNAPSHOT_COLUMNS,
  snapshotUnder,
} from './agent-state.js';
export {
  AGENT_ID_MAX_LENGTH,
  AGENT_TYPE_MAX_LENGTH,
  DEFAULT_AGENT_TYPES,
  defaultAgentId,
  isAgentTypeForNew,
  isWellFormedAgentType,
  PATH_WORDS,
  WORD_MAX_LENGTH,
} from './agent-type.js';
export { CHECKPOINT_INTERVAL, fromCheckpoint, toCheckpoint } from './checkpoint.js';
export { columnsSet, type DecisionContext } from './create-event.js';
export {
  type AdversarialTestResult,
  appendsOnly,
  CATEGORIES,
  CATEGORY_PATTERN,
  type Command,
  type CustodyTestResult,
  holds,
  type ImportData,
  type KnownCategory,
  type LearningData,
  type MetricsUpdate,
  type Precondition,
  type RowUpdate,
  type Versions,
  type VoidData,
} from './commands.js';
export { decide, FUTURE_TOLERANCE_MS, type Rejection } from './decide.js';
export {
  type Evidence,
  EVIDENCE_DETAILS_MAX_BYTES,
  EVIDENCE_FILTERS,
  EVIDENCE_REASON_MAX_LENGTH,
  EVIDENCE_TEXT_MAX_LENGTH,
  EVIDENCE_URL_MAX_LENGTH,
} from './evidence.js';
export { isPassed, type Outcome, OUTCOMES, toOutcome } from './outcome.js';
export {
  type AgentEvent,
  type Checkpoint,
  type DecidedEvent,
  EVENT_TYPES,
  type EventPayloads,
  type EventResult,
  type EventType,
  IMPORTED_TIMES,
  type MergedAgent,
  type VoidedColumns,
  type Windows,
} from './events.js';
export { evolve, fold } from './evolve.js';
export { toMergedAgent } from './import.js';
export { following } from './derived-columns.js';
export { violations } from './invariants.js';
export {
  COUNT,
  DURATION,
  type FieldError,
  findOutOfRange,
  INTEGER_MAX,
  LEARNING_SCORE,
  LEVEL,
  type Range,
  SCORE,
} from './ranges.js';
export type { JsonObject } from './json.js';
export {
  custodyLevelForDifficulty,
  custodyLevelForXp,
  custodyXpForLevel,
  DIFFICULTIES,
  type Difficulty,
  difficultyForCustodyLevel,
  isDifficulty,
  LEVEL_THRESHOLDS,
  raisedLevel,
} from './levels.js';
export type { SizeLimits } from './sizes.js';
export { evolveWithout, isVoidable, type Voiding } from './voiding.js';
export { DEFAULT_RULES, RULE_RANGES, type RuleSettings } from './rule-settings.js';
export { isLate, newest, testRates } from './test-results.js';
