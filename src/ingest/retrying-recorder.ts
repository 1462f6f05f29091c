import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchItem, type BatchOutcome, type ResultRecorder, TemporaryFailure } from './result-recorder.js';

/** Statuses of problems that disappear by themselves. */
const TEMPORARY: readonly number[] = [429, 502, 503, 504];
const FIRST_DELAY_MS = 1_000;

/** Limits of the attempts to record a batch. */
export interface RetryLimits {
  /** Maximum number of attempts, the first included. */
  attempts: number;
  /** Maximum wait between two attempts, whatever the service asks for. */
  maxDelayMs: number;
  /** Called before each wait. What it throws ends the attempts. */
  onRetry?: (reason: string, delayMs: number) => void;
}

/**
 * Repeats batches, and items of them, that could not be recorded for a temporary reason. Ids make this safe.
 *
 * @returns a recorder that throws the cause of the last failure
 */
export function withRetries(recorder: ResultRecorder, limits: RetryLimits): ResultRecorder {
  return { record: (items) => recordPatiently(recorder, items, limits) };
}

async function recordPatiently(
  recorder: ResultRecorder,
  items: readonly BatchItem[],
  { attempts, maxDelayMs, onRetry }: RetryLimits,
): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  let open = items.map((item, index) => ({ item, index }));
  for (let attempt = 1; ; attempt += 1) {
    const { done, left, failure } = await tryOnce(recorder, open);
    outcomes.push(...done);
    open = left;
    if (failure === null) return outcomes;
    if (attempt >= attempts) throw failure.cause;
    const delayMs = Math.min(maxDelayMs, Math.max(failure.retryAfterMs ?? 0, FIRST_DELAY_MS * 2 ** (attempt - 1)));
    onRetry?.(failure.message, delayMs);
    await sleep(delayMs);
  }
}

interface Indexed {
  item: BatchItem;
  index: number;
}

interface Attempt {
  done: BatchOutcome[];
  /** Items that can be sent again. */
  left: Indexed[];
  failure: TemporaryFailure | null;
}

async function tryOnce(recorder: ResultRecorder, open: readonly Indexed[]): Promise<Attempt> {
  const attempt: Attempt = { done: [], left: [], failure: null };
  let outcomes: readonly BatchOutcome[];
  try {
    outcomes = await recorder.record(open.map(({ item }) => item));
  } catch (error) {
    if (!(error instanceof TemporaryFailure)) throw error;
    return { ...attempt, left: [...open], failure: error };
  }
  for (const outcome of outcomes) {
    const sent = open[outcome.index];
    if (sent === undefined) continue;
    const { status = 0, detail = 'a result was refused' } = outcome.problem ?? {};
    if (outcome.status === 'refused' && TEMPORARY.includes(status)) {
      attempt.left.push(sent);
      attempt.failure = new TemporaryFailure(new Error(detail), null);
    } else {
      attempt.done.push({ ...outcome, index: sent.index });
    }
  }
  return attempt;
}
