import { concernsAll, type Outcome } from './deliver-in-order.js';

/** Maximum delay that a receiver can ask for. */
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;
/** Delays are longer by up to this share, so that endpoints of one receiver are not retried at the same moment. */
const JITTER = 0.1;

/**
 * Delay before the next attempt.
 *
 * @param failures number of consecutive failed attempts, at least 1
 * @param retryAfterMs delay that the receiver asked for
 * @returns milliseconds; null: no further attempt
 */
export function findRetryDelay(
  failures: number,
  delaysMs: readonly number[],
  retryAfterMs: number | null,
  random: number,
): number | null {
  const delay = delaysMs[failures - 1];
  if (delay === undefined) return null;
  const asked = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  return Math.round(Math.max(delay, asked) * (1 + JITTER * random));
}

/** Number of consecutive failed attempts, and the message that failed in all of them. */
export interface Failures {
  failures: number;
  failingMessage: string | null;
}

/**
 * Counts the attempts of the first message that failed until it is delivered, so that a receiver that fails sometimes is not
 * mistaken for one that always refuses a message. A failure that concerns all messages counts as an attempt of it.
 */
export function countFailures(
  { failures, failingMessage }: Failures,
  outcomes: readonly Pick<Outcome, 'message' | 'attempt'>[],
): Failures {
  const isDelivered = outcomes.some(({ message, attempt }) => attempt.delivered && message.id === failingMessage);
  const known = isDelivered ? null : failingMessage;
  const failed = outcomes.filter(({ attempt }) => !attempt.delivered);
  const [first] = failed;
  if (known === null) return first ? { failures: 1, failingMessage: first.message.id } : NO_FAILURES;
  const isCounted = failed.some(({ message, attempt }) => message.id === known || concernsAll(attempt));
  return { failures: failures + (isCounted ? 1 : 0), failingMessage: known };
}

export const NO_FAILURES: Failures = { failures: 0, failingMessage: null };
