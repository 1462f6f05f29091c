import type { RecordedChange } from './agent-command.js';
import type { AgentMetrics } from './agent-metrics.entity.js';
import {
  AFTER_ADVERSARIAL_TEST,
  AFTER_CUSTODY_TEST,
  AFTER_CUSTODY_XP,
  AFTER_LEARNING,
  pick,
} from './answer-columns.js';
import { custodyMetricsOf } from './custody-metrics.js';
import type * as dto from './dto/answers.dto.js';

/** The answers of the API, made of what the service returns. */

export function agentMetrics(agent: AgentMetrics): dto.AgentMetricsDto {
  return { status: 'success', agent_type: agent.agent_type, metrics: agent, timestamp: new Date() };
}

export function custodyMetrics(agent: AgentMetrics): dto.CustodyMetricsDto {
  const custody_metrics = custodyMetricsOf(agent);
  return { status: 'success', agent_type: agent.agent_type, custody_metrics, timestamp: new Date() };
}

export function custodyTestRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Custody test result recorded successfully',
    updated_custody_metrics: pick(metrics, AFTER_CUSTODY_TEST),
  };
}

export function adversarialTestRecorded({ agent_type, metrics }: RecordedChange): dto.AdversarialTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Adversarial test result recorded successfully',
    updated_custody_metrics: pick(metrics, AFTER_ADVERSARIAL_TEST),
  };
}

export function custodyXpRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyXpRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Custody XP updated successfully',
    updated_custody_metrics: pick(metrics, AFTER_CUSTODY_XP),
  };
}

export function learningRecorded({ agent_type, metrics }: RecordedChange): dto.LearningRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: 'Learning metrics updated successfully',
    updated_learning_metrics: pick(metrics, AFTER_LEARNING),
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
