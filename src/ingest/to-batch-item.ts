import type { CaseEvidence, EvaluationCase } from './evaluation-case.js';
import type { BatchItem } from './result-recorder.js';

/** Converts a case to an item of a batch. */
export function toBatchItem(
  { id, outcome, score, duration, timestamp, evidence }: EvaluationCase,
  agentType: string,
  category: string,
): BatchItem {
  return {
    id,
    agent_type: agentType,
    type: 'custody_test',
    outcome,
    ...(score === null ? {} : { score }),
    duration,
    ...(timestamp === null ? {} : { timestamp: timestamp.toISOString() }),
    category,
    evidence: withoutNulls(evidence),
  };
}

function withoutNulls(evidence: CaseEvidence): Partial<CaseEvidence> {
  return Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== null));
}
