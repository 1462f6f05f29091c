import { pick } from '../../common/index.js';
import { INTEGER_MAX, SNAPSHOT_COLUMNS } from '../../progression/index.js';
import { toCustodyMetrics } from '../read/custody-metrics.js';
import type { PastAgent } from '../read/past-agents.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AGENT_COLUMNS } from '../store/columns.js';
import type { RecordedChange } from '../write/unit-of-work.js';
import { allocateResponse } from './allocate-response.js';
import * as dto from './dto/responses.dto.js';

/** Conversion of results of the service to responses of the API. */

/** Formats an AgentMetricsDto as JSON text in UTF-8. */
export function agentMetrics(agentType: string, metrics: Uint8Array): Buffer {
  return buildDocument(agentType, 'metrics', metrics);
}

/** Formats a CustodyMetricsDto as JSON text in UTF-8. */
export function custodyMetrics(agentType: string, metrics: Uint8Array): Buffer {
  return buildDocument(agentType, 'custody_metrics', metrics);
}

/** Bytes: Node.js would encode a string for each response, which takes longer than to copy the document. */
function buildDocument(agentType: string, name: string, json: Uint8Array): Buffer {
  const head = `{"status":"success","agent_type":${JSON.stringify(agentType)},"${name}":`;
  const tail = `,"timestamp":"${new Date().toISOString()}"}`;
  const start = Buffer.byteLength(head);
  const document = allocateResponse(start + json.length + tail.length);
  document.write(head);
  document.set(json, start);
  document.write(tail, start + json.length);
  return document;
}

/** Metrics of an agent as of a moment in the past. */
export function pastMetrics({ agent, as_of }: PastAgent): dto.AgentMetricsDto {
  const metrics = pick(
    agent,
    AGENT_COLUMNS.map(({ name }) => name as keyof AgentMetrics),
  );
  return { ...pastDocument(agent, as_of), metrics };
}

/** Custody metrics of an agent as of a moment in the past. */
export function pastCustodyMetrics({ agent, as_of }: PastAgent): dto.CustodyMetricsDto {
  return { ...pastDocument(agent, as_of), custody_metrics: toCustodyMetrics(agent) };
}

function pastDocument({ agent_type }: AgentMetrics, as_of: PastAgent['as_of']) {
  return { status: 'success' as const, agent_type, as_of, timestamp: new Date() };
}

export function custodyTestRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: withLimit('Custody test result recorded successfully', 'Custody XP', metrics.custody_xp),
    updated_custody_metrics: pick(metrics, dto.AFTER_CUSTODY_TEST),
  };
}

export function adversarialTestRecorded({ agent_type, metrics }: RecordedChange): dto.AdversarialTestRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: withLimit('Adversarial test result recorded successfully', 'XP', metrics.xp),
    updated_custody_metrics: pick(metrics, dto.AFTER_ADVERSARIAL_TEST),
  };
}

export function custodyXpRecorded({ agent_type, metrics }: RecordedChange): dto.CustodyXpRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: withLimit('Custody XP updated successfully', 'Custody XP', metrics.custody_xp),
    updated_custody_metrics: pick(metrics, dto.AFTER_CUSTODY_XP),
  };
}

export function learningRecorded({ agent_type, metrics }: RecordedChange): dto.LearningRecordedDto {
  return {
    status: 'success',
    agent_type,
    message: withLimit('Learning metrics updated successfully', 'XP', metrics.xp),
    updated_learning_metrics: pick(metrics, dto.AFTER_LEARNING),
  };
}

/** Adds a note to the message if the points have reached the maximum; further points are not added. */
function withLimit(message: string, points: string, amount: number): string {
  return amount < INTEGER_MAX
    ? message
    : `${message}. ${points} has reached the largest possible value, ${INTEGER_MAX}`;
}

export function metricsRecorded(
  { agent_type, version, metrics }: RecordedChange,
  message: string,
): dto.MetricsRecordedDto {
  const updated_metrics = { version, ...pick(metrics, SNAPSHOT_COLUMNS) };
  return { status: 'success', agent_type, message, updated_metrics };
}

export function bulkRecorded(changes: readonly RecordedChange[]): dto.BulkRecordedDto {
  return {
    status: 'success',
    message: 'All updates recorded successfully',
    updated_agents: changes.map(({ agent_type }) => agent_type),
    total_updated: changes.length,
  };
}
