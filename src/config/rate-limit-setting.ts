const WINDOW_SECONDS = { second: 1, minute: 60, hour: 3_600 } as const;
const REQUESTS_MAX = 1_000_000_000;

/** Maximum number of requests in a window of seconds. */
export interface RateLimit {
  requests: number;
  seconds: number;
}

/**
 * Parses a rate limit: `600/minute`.
 *
 * @throws Error that describes the expected form
 */
export function parseRateLimit(text: string): RateLimit {
  const [, digits, unit] = /^\s*(\d+)\s*\/\s*(second|minute|hour)\s*$/i.exec(text) ?? [];
  const requests = Number(digits);
  if (unit === undefined || !(requests >= 1 && requests <= REQUESTS_MAX)) {
    throw new Error(
      'must be a number of requests (at least 1) and a window, such as 10/second, 600/minute or 20000/hour',
    );
  }
  return { requests, seconds: WINDOW_SECONDS[unit.toLowerCase() as keyof typeof WINDOW_SECONDS] };
}
