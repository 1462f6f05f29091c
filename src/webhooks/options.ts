import { z } from 'zod';
import { parseOptions } from '../common/index.js';

/** Options of WebhooksModule. Omitted ones have the defaults of the service. */
export interface WebhooksOptions {
  /** Whether this process delivers messages. Default: true. At least one process must. */
  deliver?: boolean | undefined;
  /** Whether endpoints may be at private, loopback and link-local addresses, and use http. Default: false. */
  allowPrivate?: boolean | undefined;
  /** Time for a receiver to respond, in milliseconds, 10 to 20,000. Default: 10,000. */
  timeoutMs?: number | undefined;
  /**
   * Delays before the second, third, … attempt, in milliseconds; 1 to 50. After the last one fails, the endpoint is
   * disabled. Default: 5 s to 24 h, 4 days in total.
   */
  retryDelaysMs?: readonly number[] | undefined;
}

/** Settings of the webhooks. */
export interface WebhookSettings {
  deliver: boolean;
  allowPrivate: boolean;
  timeoutMs: number;
  retryDelaysMs: readonly number[];
}

/** Injection token of the settings. */
export const WEBHOOK_SETTINGS = Symbol('WebhookSettings');

/** Default delays, in seconds. */
const RETRY_DELAYS = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400] as const;

/** Unknown options are refused. */
const SCHEMA = z.strictObject({
  deliver: z.boolean().optional(),
  allowPrivate: z.boolean().optional(),
  timeoutMs: z.number().int().min(10).max(20_000).optional(),
  retryDelaysMs: z
    .array(
      z
        .number()
        .min(1)
        .max(7 * 86_400_000),
    )
    .min(1)
    .max(50)
    .optional(),
});

/**
 * Checks the options and applies the defaults.
 *
 * @throws Error with each unknown or invalid option
 */
export function toWebhookSettings(options: WebhooksOptions): WebhookSettings {
  const {
    deliver = true,
    allowPrivate = false,
    timeoutMs = 10_000,
    retryDelaysMs = RETRY_DELAYS.map((seconds) => seconds * 1_000),
  } = parseOptions('WebhooksModule', SCHEMA, options);
  return { deliver, allowPrivate, timeoutMs, retryDelaysMs };
}
