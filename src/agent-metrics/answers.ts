import type { AgentSnapshot } from '../progression/agent-state.js';
import type { RecordedChange } from './agent-command.js';
import type { AgentMetrics } from './agent-metrics.entity.js';
import type { CustodyMetrics } from './custody-metrics.js';
import type * as dto from './dto/answers.dto.js';

/** The answers of the API, made of what the service returns. */

export function agentMetrics(agent: AgentMetrics): dto.AgentMetricsDto {
  return { status: 'success', agent_type: agent.agent_type, metrics: agent, timestamp: new Date() };
}

export function custodyMetrics(agentType: string, metrics: CustodyMetrics): dto.CustodyMetricsDto {
  return { status: 'success', agent_type: agentType, custody_metrics: metrics, timestamp: new Date() };
}

export function custodyTestRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Custody test result recorded successfully',
    updated_custody_metrics: pick(metrics, ['total_tests_given', 'total_tests_passed', 'custody_level', 'custody_xp']),
  };
}

export function adversarialTestRecorded({ agent_type, metrics }: RecordedChange): dto.AdversarialTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Adversarial test result recorded successfully',
    updated_custody_metrics: pick(metrics, [
      'total_tests_given',
      'total_tests_passed',
      'adversarial_wins',
      'xp',
      'level',
    ]),
  };
}

export function custodyXpRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyXpRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Custody XP updated successfully',
    updated_custody_metrics: pick(metrics, ['custody_xp', 'custody_level', 'current_difficulty']),
  };
}

export function learningRecorded({ agent_type, metrics }: RecordedChange): dto.LearningRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Learning metrics updated successfully',
    updated_learning_metrics: pick(metrics, [
      'learning_score',
      'total_learning_cycles',
      'success_rate',
      'failure_rate',
      'xp',
      'level',
    ]),
  };
}

export function metricsRecorded(
  { agent_type, version, metrics }: RecordedChange,
  message: string,
): dto.MetricsRecordedDto {
  return { status: 'success', agent_type, message, updated_metrics: { version, ...metrics } };
}

export function bulkRecorded(changes: readonly RecordedChange[]): dto.BulkRecordedDto {
  return {
    status: 'success',
    message: 'All updates recorded successfully',
    updated_agents: changes.map(({ agent_type }) => agent_type),
    total_updated: changes.length,
  };
}

function pick<Column extends keyof AgentSnapshot>(
  metrics: AgentSnapshot,
  columns: readonly Column[],
): Pick<AgentSnapshot, Column> {
  return Object.fromEntries(columns.map((column) => [column, metrics[column]])) as Pick<AgentSnapshot, Column>;
}
