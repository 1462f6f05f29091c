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
import { custodyOf, levelOf } from './levels.js';
import type { Repair } from './repair.js';
import { RowReader } from './row-reader.js';
import { streaksOf } from './streaks.js';
import { testCountersOf } from './test-counters.js';
import { testRatesOf } from './test-rates.js';

/** What an agent's state takes besides its row. */
export interface TakeOverContext {
  agentType: string;
  id: string;
  /** When it is taken over. */
  now: Date;
  windows: RuleSettings['windows'];
}

export interface TakenOver {
  agent: AgentState;
  repairs: Repair[];
}

/**
 * The agent that an old row tells of: within the rules, and such as the table's columns and the ledger can hold it,
 * whatever the row says. Pure.
 */
export function agentOfRow(row: LegacyRow, { agentType, id, now, windows }: TakeOverContext): TakenOver {
  const reader = new RowReader(row);
  const test_history = reader.objects('test_history', windows.testHistory);
  const last_success = reader.time('last_success');
  const last_failure = reader.time('last_failure');
  const counters = testCountersOf(reader);
  const updated = reader.time('updated_at');
  const defaults = defaultState(
    { id, agent_id: defaultAgentId(agentType), agent_type: agentType, created_at: createdAt(reader, updated, now) },
    0,
    updated ?? now,
  );
  const agent: AgentState = {
    ...defaults,
    agent_id: reader.word('agent_id', defaults.agent_id, AGENT_ID_MAX_LENGTH),
    learning_score: reader.number('learning_score', defaults.learning_score, LEARNING_SCORE),
    success_rate: reader.ratio('success_rate', defaults.success_rate),
    ...testRatesOf(reader, counters),
    total_learning_cycles: reader.number('total_learning_cycles', defaults.total_learning_cycles, COUNT),
    last_learning_cycle: reader.time('last_learning_cycle'),
    last_success,
    last_failure,
    ...levelOf(reader),
    prestige: reader.number('prestige', defaults.prestige, COUNT),
    ...counters,
    ...streaksOf(reader, { test_history, last_success, last_failure }),
    last_test_date: reader.time('last_test_date'),
    test_history,
    ...custodyOf(reader),
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

function createdAt(reader: RowReader, updated: Date | null, now: Date): Date {
  const created = reader.time('created_at');
  if (created) return created;
  const made = updated ?? now;
  if (reader.isColumn('created_at')) reader.repair('created_at', made, 'time_unknown');
  return made;
}
