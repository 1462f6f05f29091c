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
