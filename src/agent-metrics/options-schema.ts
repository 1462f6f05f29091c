import { z } from 'zod';
import { type Range, RULE_RANGES } from '../progression/index.js';

/** Maximum of a timeout of PostgreSQL, in milliseconds. */
const TIMEOUT_MAX = 2_147_483_647;
/** Characters of a key that cannot be guessed. */
const ADMIN_KEY = /^[\x21-\x7e]{32,512}$/;

const inRange = ({ least, most, whole = false }: Range) => {
  const number = z.number().min(least).max(most);
  return (whole ? number.int() : number).optional();
};
const timeout = z.number().int().min(0).max(TIMEOUT_MAX).optional();
const callback = z.custom((value) => typeof value === 'function', 'must be a function').optional();
const clock = z.custom(
  (value) => typeof (value as { now?: unknown } | null)?.now === 'function',
  'must have a method now',
);

/** Options of AgentMetricsModule. Unknown options are refused. */
export const OPTIONS_SCHEMA = z.strictObject({
  schema: z.string().optional(),
  migrate: z.boolean().optional(),
  rules: z
    .strictObject({
      passMark: inRange(RULE_RANGES.passMark),
      maxXpAwarded: inRange(RULE_RANGES.maxXpAwarded),
      windows: z
        .strictObject({
          testHistory: inRange(RULE_RANGES.window),
          learningPatterns: inRange(RULE_RANGES.window),
          improvementSuggestions: inRange(RULE_RANGES.window),
        })
        .optional(),
      sizes: z.strictObject({ document: inRange(RULE_RANGES.size), listItem: inRange(RULE_RANGES.size) }).optional(),
    })
    .optional(),
  clock: clock.optional(),
  commitQueueSize: inRange({ least: 1, most: 1_000_000, whole: true }),
  timeouts: z.strictObject({ statementMs: timeout, lockMs: timeout, idleInTransactionMs: timeout }).optional(),
  allowedOrigins: z.array(z.string()).optional(),
  keys: z
    .strictObject({
      adminKey: z.string().regex(ADMIN_KEY, 'must be 32 to 512 printable ASCII characters without spaces').optional(),
      jwt: z
        .strictObject({
          issuer: z.url(),
          audience: z.string().min(1),
          jwksUrl: z.url().optional(),
          scopePrefix: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  currentManager: callback,
  onRecorded: callback,
  sessions: callback,
  replica: z.unknown().optional(),
});
