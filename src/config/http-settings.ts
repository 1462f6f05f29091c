import { z } from 'zod';
import { onOrOff } from './on-or-off.js';
import { parseOrigins } from './origins.js';
import { parseRateLimit } from './rate-limit-setting.js';
import { parseTrustedProxies } from './trusted-proxies.js';

const SECONDS = 1_000;

const seconds = z.coerce.number().min(0.01).max(3_600);

/** A variable that a function of ours reads, whose error says what is wrong. */
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

/** The environment variables that say where the API is, and bound what clients may do, each with its default and range. */
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
    /** Whether the API also answers below /agent-metrics and /custody, without /api before them. */
    legacyPaths: env.LEGACY_PATHS === 'on',
    /** The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; undefined: nobody's. */
    trustedProxies: env.TRUST_PROXY,
    /** The origins whose pages may use the API in a browser; undefined: only the service's own. */
    corsOrigins: env.CORS_ORIGINS,
    /** How many requests a caller may send; undefined: any number. */
    rateLimit: env.RATE_LIMIT,
    timeouts: {
      /** How long a request may take to arrive. */
      requestMs,
      /** How long its headers may, which are a part of it. */
      headersMs: Math.min(Math.round(env.HEADERS_TIMEOUT * SECONDS), requestMs),
      /** How long nothing may move on a connection in the midst of a request or an answer. */
      stallMs: Math.round(env.STALL_TIMEOUT * SECONDS),
      /** How long a connection is kept for the next request. */
      keepAliveMs: Math.round(env.KEEP_ALIVE_TIMEOUT * SECONDS),
    },
    maxConnections: env.MAX_CONNECTIONS,
    /** How late the event loop may be before requests are refused. */
    maxEventLoopDelayMs: env.MAX_EVENT_LOOP_DELAY,
  };
}
