import { randomUUID } from 'node:crypto';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import type { ResultRequest } from './result-client.js';

/** Outcome of one result. */
export interface SentResult extends ResultRequest {
  /** How often it was sent. */
  attempts: number;
  /** How often it was sent again after a failure. */
  retries: number;
  /** How many of its answers left open whether it was recorded, or never came. */
  unknownOutcomes: number;
  /** None: it is unknown whether it was recorded. Two: it was sent to two instances at the same moment. */
  acknowledgements: { version: number; replayed: boolean }[];
  /** The only answer was that it is not recorded. */
  isRefused: boolean;
}

const CALM_AGENTS = 6;
const RESULTS_OF_A_NEWCOMER = 400;

/** The result with this number of a load, whose agents' names begin with `prefix`. */
export function newResult(prefix: string, number: number): SentResult {
  return {
    agentType: `${prefix}-${agentOf(number)}`,
    key: isWithoutKey(number) ? undefined : randomUUID(),
    // The duration tells one without a key apart.
    body: createCustodyTest({ passed: number % 3 !== 0, score: number % 101, duration: number, xp_awarded: 1 }),
    attempts: 0,
    retries: 0,
    unknownOutcomes: 0,
    acknowledgements: [],
    isRefused: false,
  };
}

/** Name of a result, for its client and in the ledger. */
export function nameOf(key: string | null | undefined, duration: unknown): string {
  return key ?? `without key, of duration ${String(duration)}`;
}

/** Every second result is the hot agent's; of the others some belong to an agent that nobody has created before. */
function agentOf(number: number): string {
  if (number % 2 === 0) return 'hot';
  if (number % 20 === 1) return `newcomer-${Math.ceil(number / RESULTS_OF_A_NEWCOMER)}`;
  return `calm-${Math.floor(number / 2) % CALM_AGENTS}`;
}

/** Some clients give no key, and so cannot send again what failed: it must count at most once nevertheless. */
function isWithoutKey(number: number): boolean {
  return number % 8 === 5;
}
