import { z } from 'zod';
import { onOrOff } from './on-or-off.js';
import { parseOrigins } from './origins.js';
import { parseRateLimit } from './rate-limit-setting.js';
import { parseTrustedProxies } from './trusted-proxies.js';

const SECONDS = 1_000;

const seconds = z.coerce.number().min(0.01).max(3_600);

/** A variable with a custom parser, whose error becomes the message. */
const parsedWith = <T>(parse: (text: string) => T) =>
  z
    .string()
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .optional();

/** HTTP settings, with their defaults and ranges. */
export const HTTP_VARIABLES = {
  LEGACY_PATHS: onOrOff.default('on'),
  TRUST_PROXY: parsedWith(parseTrustedProxies),
  CORS_ORIGINS: parsedWith(parseOrigins),
  RATE_LIMIT: parsedWith(parseRateLimit),
  REQUEST_TIMEOUT: seconds.default(60),
  HEADERS_TIMEOUT: seconds.default(15),
  STALL_TIMEOUT: seconds.default(120),
  KEEP_ALIVE_TIMEOUT: seconds.default(72),
  MAX_CONNECTIONS: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  MAX_EVENT_LOOP_DELAY: z.coerce.number().int().min(10).max(60_000).default(1_000),
};

export type HttpSettings = ReturnType<typeof toHttpSettings>;

export function toHttpSettings(env: z.output<z.ZodObject<typeof HTTP_VARIABLES>>) {
  const requestMs = Math.round(env.REQUEST_TIMEOUT * SECONDS);
  return {
    /** Whether the API is also served below /agent-metrics and /custody, without the prefix /api. */
    legacyPaths: env.LEGACY_PATHS === 'on',
    /** Proxies whose X-Forwarded headers are trusted; undefined: none. */
    trustedProxies: env.TRUST_PROXY,
    /** Origins whose pages may call the API; undefined: only its own origin. */
    corsOrigins: env.CORS_ORIGINS,
    /** Rate limit of each caller; undefined: none. */
    rateLimit: env.RATE_LIMIT,
    timeouts: {
      /** Maximum time to receive a request. */
      requestMs,
      /** Maximum time to receive the headers, within `requestMs`. */
      headersMs: Math.min(Math.round(env.HEADERS_TIMEOUT * SECONDS), requestMs),
      /** Maximum time without progress during an exchange. */
      stallMs: Math.round(env.STALL_TIMEOUT * SECONDS),
      /** Time for which an idle connection is kept. */
      keepAliveMs: Math.round(env.KEEP_ALIVE_TIMEOUT * SECONDS),
    },
    maxConnections: env.MAX_CONNECTIONS,
    /** Event loop delay above which requests are refused. */
    maxEventLoopDelayMs: env.MAX_EVENT_LOOP_DELAY,
  };
}
