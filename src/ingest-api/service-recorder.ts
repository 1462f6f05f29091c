import type { AgentMetricsService, BatchOptions, ItemOutcome, TestResultItem } from '../agent-metrics/index.js';
import { DomainError } from '../common/index.js';
import { toProblem } from '../http/problems/index.js';
import { type BatchItem, type BatchOutcome, type ResultRecorder, TemporaryFailure } from '../ingest/index.js';

/** Records results in process. */
export function serviceRecorder(
  service: Pick<AgentMetricsService, 'recordResults'>,
  options: Pick<BatchOptions, 'access' | 'actor'> = {},
): ResultRecorder {
  return {
    record: async (items) => {
      try {
        return (await service.recordResults(items.map(toItem), options)).map(toBatchOutcome);
      } catch (error) {
        const seconds = error instanceof DomainError ? error.options.retryAfterSeconds : undefined;
        if (seconds === undefined) throw error;
        throw new TemporaryFailure(error as DomainError, seconds * 1_000);
      }
    },
  };
}

/** Fields are validated by the service: an item that violates a rule is refused by itself. */
function toItem(item: BatchItem): TestResultItem {
  return item as unknown as TestResultItem;
}

function toBatchOutcome(outcome: ItemOutcome, index: number): BatchOutcome {
  const { id, agent_type, status } = outcome;
  const head = { index, id: id ?? '', agent_type: agent_type ?? '', status };
  if (outcome.status !== 'refused') return { ...head, version: outcome.change.version };
  const { errors = [], ...problem } = toProblem(outcome.error);
  const fields = errors.map(({ field, detail }) => `${field} ${detail}`).join('; ');
  return { ...head, problem: { ...problem, detail: fields === '' ? problem.detail : fields } };
}
