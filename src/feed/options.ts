import { z } from 'zod';
import { parseOptions } from '../common/index.js';

/** Options of FeedModule. Omitted ones have the defaults of the service. */
export interface FeedOptions {
  /** Maximum number of concurrent readers of this process, 1 to 10,000. Default: 200. */
  maxReaders?: number | undefined;
  /** Time after which a silent stream sends a comment, in milliseconds, 10 to 300,000. Default: 15,000. */
  heartbeatMs?: number | undefined;
}

/** Settings of the feed. */
export interface FeedSettings {
  maxReaders: number;
  heartbeatMs: number;
}

/** Injection token of the settings. */
export const FEED_SETTINGS = Symbol('FeedSettings');

/** Unknown options are refused. */
const SCHEMA = z.strictObject({
  maxReaders: z.number().int().min(1).max(10_000).optional(),
  heartbeatMs: z.number().min(10).max(300_000).optional(),
});

/**
 * Checks the options and applies the defaults.
 *
 * @throws Error with each unknown or invalid option
 */
export function toFeedSettings(options: FeedOptions): FeedSettings {
  const { maxReaders = 200, heartbeatMs = 15_000 } = parseOptions('FeedModule', SCHEMA, options);
  return { maxReaders, heartbeatMs };
}
