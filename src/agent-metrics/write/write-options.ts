import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { isJoinable, type Session } from '../../database/transactions/index.js';
import {
  type AgentAccess,
  copyJson,
  type DomainError,
  findUnstorable,
  isFieldsObject,
  validationFailed,
} from '../../common/index.js';
import type { Command, Precondition, Versions } from '../../progression/index.js';

/** Options of a write to several agents. */
export interface BulkWriteOptions {
  /**
   * EntityManager of the caller's transaction, or its session of `TransactionRunner.run`. The write joins the
   * transaction. Default: a transaction of the service, committed when the promise resolves.
   */
  manager?: Session | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters, unique per agent. A repeated write returns the first result,
   * with `replayed: true`. A different write with the same key is refused with `idempotency_key_reused`. A failed write
   * does not use up its key.
   */
  idempotencyKey?: string | undefined;
  /**
   * Request identified by the key, any JSON. For requests from which the write is derived, such as an administered
   * test. Default: the write itself.
   */
  request?: unknown;
  /** Actor recorded with the events: 1 to 100 printable ASCII characters. Default: unknown. */
  actor?: string | undefined;
}

/** Options of a batch of results, each of which has its own idempotency key. */
export interface BatchOptions extends Pick<BulkWriteOptions, 'manager' | 'actor'> {
  /** Whether all results are recorded, or none. Default: false. */
  atomic?: boolean | undefined;
  /** Agents that the caller may access. Results of others are refused with `agent_forbidden`. Default: all. */
  access?: AgentAccess | undefined;
}

/** Options of a write to one agent. */
export interface WriteOptions extends BulkWriteOptions {
  /** Condition on the agent's version. Otherwise the write is refused with `precondition_failed`. */
  precondition?: Precondition | undefined;
}

/** Name of the header, also used as the field name in errors. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;
const KEY = /^[\x20-\x7e]+$/;

/** Idempotency identity of a request: the client's key and the hash of the request. */
export interface RequestIdentity {
  key: string;
  /** SHA-256 of the commands as sorted lines of canonical JSON (RFC 8785), independent of formatting and order. */
  hash: Buffer;
  /** Hash of the same request under earlier names of its agents. Undefined: it does not depend on names. */
  hashAs?: (names: ReadonlyMap<string, string>) => Buffer;
}

/**
 * Computes the identity of a request with an idempotency key.
 *
 * @param asked request to hash instead of the commands
 */
export function toRequestIdentity(
  key: string,
  commands: readonly { agentType: string; command: Command }[],
  asked?: unknown,
): RequestIdentity {
  if (asked !== undefined) return { key, hash: hashLines([canonicalize(asked)]) };
  const hashAs = (names: ReadonlyMap<string, string>): Buffer =>
    hashLines(
      commands.map(({ agentType, command }) => canonicalize({ agentType: names.get(agentType) ?? agentType, command })),
    );
  return { key, hash: hashAs(new Map()), hashAs };
}

function hashLines(lines: readonly (string | undefined)[]): Buffer {
  return hash('sha256', [...lines].sort().join('\n'), 'buffer');
}

const ACTOR = /^[\x20-\x7e]{1,100}$/;

const BULK_OPTIONS: readonly string[] = [
  'manager',
  'idempotencyKey',
  'request',
  'actor',
] satisfies (keyof BulkWriteOptions)[];
const OPTIONS: readonly string[] = [...BULK_OPTIONS, 'precondition' satisfies keyof WriteOptions];

/**
 * Reads the options once and checks them. The result is a copy.
 *
 * @throws DomainError `validation_failed` for an unknown or invalid option
 */
export function parseWriteOptions(options: WriteOptions = {}): WriteOptions {
  assertOptions(options, OPTIONS);
  const { precondition } = options;
  return {
    ...parseOptions(options),
    precondition: precondition === undefined ? undefined : parsePrecondition(precondition),
  };
}

/** Like parseWriteOptions, for a write to several agents. */
export function parseBulkWriteOptions(options: BulkWriteOptions = {}): BulkWriteOptions {
  assertOptions(options, BULK_OPTIONS);
  return parseOptions(options);
}

function assertOptions(options: unknown, names: readonly string[]): asserts options is object {
  if (!isFieldsObject(options)) throw invalid('options', 'must be an object');
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `is not an option; the options are ${names.join(', ')}`);
}

function parseOptions({ manager, idempotencyKey, request, actor }: BulkWriteOptions): BulkWriteOptions {
  // Without a transaction, the row locks of a write would not be held until its end.
  if (manager !== undefined && !isJoinable(manager)) {
    throw invalid('manager', 'must be the EntityManager of a running transaction');
  }
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    throw invalid(IDEMPOTENCY_KEY, `must be 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} printable ASCII characters`);
  }
  if (actor !== undefined && !(typeof actor === 'string' && ACTOR.test(actor))) {
    throw invalid('actor', 'must be 1 to 100 printable ASCII characters');
  }
  return { manager, idempotencyKey, request: request === undefined ? undefined : parseAsked(request), actor };
}

function isIdempotencyKey(key: unknown): boolean {
  return typeof key === 'string' && key.length <= IDEMPOTENCY_KEY_MAX_LENGTH && KEY.test(key);
}

function parseAsked(request: unknown): unknown {
  const copy = copyJson(request);
  const fault = findUnstorable(copy, 'request');
  if (fault) throw validationFailed([fault]);
  return copy;
}

function parsePrecondition(precondition: unknown): Precondition {
  if (
    !isFieldsObject(precondition) ||
    Object.keys(precondition).some((name) => !['match', 'noneMatch'].includes(name))
  ) {
    throw invalid('precondition', 'must be an object with match, noneMatch or both');
  }
  const { match, noneMatch }: { match?: unknown; noneMatch?: unknown } = precondition;
  return { match: parseVersions(match, 'match'), noneMatch: parseVersions(noneMatch, 'noneMatch') };
}

function parseVersions(versions: unknown, name: string): Versions | undefined {
  if (versions === undefined || versions === '*') return versions;
  const copy: unknown = Array.isArray(versions) ? copyJson(versions) : null;
  if (!Array.isArray(copy) || !copy.every(Number.isSafeInteger)) {
    throw invalid('precondition', `must have * or a list of versions as ${name}`);
  }
  return copy as number[];
}

function invalid(field: string, detail: string): DomainError {
  return validationFailed([{ field, detail }]);
}
