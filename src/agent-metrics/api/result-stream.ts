import { DomainError } from '../../common/index.js';
import { readLines } from '../../http/ndjson/index.js';
import type { Problem } from '../../http/problems/index.js';
import type { AgentMetricsService } from '../write/agent-metrics.service.js';
import { BATCH_MAX, type ItemOutcome } from '../write/result-batch.js';
import type { BatchOptions } from '../write/write-options.js';

/** Numbers of results by outcome. */
export interface OutcomeCounts {
  recorded: number;
  replayed: number;
  refused: number;
}

interface LineFormat {
  toLine: (outcome: ItemOutcome) => object;
  toProblem: (error: unknown) => Problem;
  /** Called when the stream ends or is abandoned. */
  onEnd: (counts: OutcomeCounts) => void;
}

/**
 * Records results from newline-delimited JSON, a batch at a time, and yields their outcomes as lines. Lines are read only as
 * fast as they are recorded and the outcomes are taken. After a failure of the service nothing more is read: the last line
 * contains the problem.
 */
export async function* recordLines(
  body: AsyncIterable<Uint8Array>,
  service: Pick<AgentMetricsService, 'recordResults'>,
  options: BatchOptions,
  { toLine, toProblem, onEnd }: LineFormat,
): AsyncGenerator<Buffer> {
  const counts: OutcomeCounts = { recorded: 0, replayed: 0, refused: 0 };
  let read = 0;
  try {
    for await (const lines of readLines(body, BATCH_MAX)) {
      const items = lines.flatMap((line) => ('value' in line ? [line.value] : []));
      const recorded = (items.length === 0 ? [] : await service.recordResults(items as never, options)).values();
      const outcomes = lines.map((line, position): ItemOutcome => {
        const index = read + position;
        if ('error' in line) return { index, id: null, agent_type: null, status: 'refused', error: line.error };
        const { value } = recorded.next();
        if (!value) throw new Error('a line without an outcome');
        return { ...value, index };
      });
      read += lines.length;
      for (const { status } of outcomes) counts[status]++;
      yield Buffer.from(outcomes.map((outcome) => `${JSON.stringify(toLine(outcome))}\n`).join(''));
    }
  } catch (error) {
    // The client disconnected: nobody reads the response.
    if (!(error instanceof DomainError) && (error as { code?: unknown }).code === 'ECONNRESET') return;
    yield Buffer.from(`${JSON.stringify({ status: 'stopped', read, problem: toProblem(error) })}\n`);
  } finally {
    onEnd(counts);
  }
}
