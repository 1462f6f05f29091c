import {
  AGENT_ID_MAX_LENGTH,
  type AgentState,
  COUNT,
  defaultAgentId,
  defaultState,
  LEARNING_SCORE,
  type RuleSettings,
  WORD_MAX_LENGTH,
} from '../../progression/index.js';
import type { LegacyRow } from './legacy-row.js';
import { toCustody, toLevel } from './levels.js';
import type { Repair } from './repair.js';
import { RowReader } from './row-reader.js';
import { toStreaks } from './streaks.js';
import { toTestCounters } from './test-counters.js';
import { toTestRates } from './test-rates.js';

/** Values of an agent that are not in its row. */
export interface RowContext {
  agentType: string;
  id: string;
  /** Time of the migration. */
  now: Date;
  windows: RuleSettings['windows'];
}

export interface MigratedAgent {
  agent: AgentState;
  repairs: Repair[];
}

/**
 * Converts a legacy row to an agent. Values that violate a rule, or that table and ledger cannot store, are repaired. Pure.
 */
export function toAgent(row: LegacyRow, { agentType, id, now, windows }: RowContext): MigratedAgent {
  const reader = new RowReader(row);
  const test_history = reader.objects('test_history', windows.testHistory);
  const last_success = reader.time('last_success');
  const last_failure = reader.time('last_failure');
  const counters = toTestCounters(reader);
  const updated = reader.time('updated_at');
  const defaults = defaultState(
    { id, agent_id: defaultAgentId(agentType), agent_type: agentType, created_at: toCreatedAt(reader, updated, now) },
    0,
    updated ?? now,
  );
  const agent: AgentState = {
    ...defaults,
    agent_id: reader.word('agent_id', defaults.agent_id, AGENT_ID_MAX_LENGTH),
    learning_score: reader.number('learning_score', defaults.learning_score, LEARNING_SCORE),
    success_rate: reader.ratio('success_rate', defaults.success_rate),
    ...toTestRates(reader, counters),
    total_learning_cycles: reader.number('total_learning_cycles', defaults.total_learning_cycles, COUNT),
    last_learning_cycle: reader.time('last_learning_cycle'),
    last_success,
    last_failure,
    ...toLevel(reader),
    prestige: reader.number('prestige', defaults.prestige, COUNT),
    ...counters,
    ...toStreaks(reader, { test_history, last_success, last_failure }),
    last_test_date: reader.time('last_test_date'),
    test_history,
    ...toCustody(reader),
    adversarial_wins: reader.number('adversarial_wins', defaults.adversarial_wins, COUNT),
    learning_patterns: reader.list('learning_patterns', windows.learningPatterns),
    improvement_suggestions: reader.list('improvement_suggestions', windows.improvementSuggestions),
    status: reader.word('status', defaults.status, WORD_MAX_LENGTH),
    is_active: reader.flag('is_active', defaults.is_active),
    priority: reader.word('priority', defaults.priority, WORD_MAX_LENGTH),
    capabilities: reader.document('capabilities'),
    config: reader.document('config'),
  };
  return { agent, repairs: reader.repairs };
}

function toCreatedAt(reader: RowReader, updated: Date | null, now: Date): Date {
  const created = reader.time('created_at');
  if (created) return created;
  const time = updated ?? now;
  if (reader.isColumn('created_at')) reader.repair('created_at', time, 'time_unknown');
  return time;
}
