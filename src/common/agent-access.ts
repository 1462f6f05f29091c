import { agentForbidden, type FieldError, validationFailed } from './domain-error.js';
import { findUnstorable } from './json-text.js';

/** Maximum number of patterns of a limit. */
export const AGENT_PATTERNS_MAX = 100;
/** Maximum length of a pattern, in characters: a prefix of 50 characters and the asterisk. */
export const AGENT_PATTERN_MAX_LENGTH = 51;

/**
 * Finds the faults of a limit: 1 to 100 patterns, each an agent type, or a prefix followed by `*`.
 *
 * @param patterns any value
 * @param name name of the field, for the errors
 */
export function findPatternFaults(patterns: unknown, name = 'agents'): FieldError[] {
  if (!Array.isArray(patterns) || patterns.length === 0 || patterns.length > AGENT_PATTERNS_MAX) {
    return [{ field: name, detail: `must be a list of 1 to ${AGENT_PATTERNS_MAX} agent types and prefixes` }];
  }
  return Array.from(patterns as readonly unknown[]).flatMap((pattern, index) => {
    const detail = findPatternFault(pattern);
    return detail === null ? [] : [{ field: `${name}.${index}`, detail }];
  });
}

function findPatternFault(pattern: unknown): string | null {
  if (typeof pattern !== 'string') return 'must be a string';
  const length = [...pattern].length;
  if (length === 0 || length > AGENT_PATTERN_MAX_LENGTH) return `must be 1 to ${AGENT_PATTERN_MAX_LENGTH} characters`;
  const star = pattern.indexOf('*');
  if (star === 0 || (star !== -1 && star !== pattern.length - 1)) {
    return 'must contain * only as its last character, after a prefix';
  }
  if (star === -1 && length === AGENT_PATTERN_MAX_LENGTH) return `must be at most ${length - 1} characters without *`;
  return findUnstorable(pattern, '')?.detail ?? null;
}

/**
 * The agents that a caller may read and write: all, or those whose agent type matches a pattern. A pattern is an agent type,
 * or a prefix followed by `*`: `team-a/*` matches `team-a/x` and `team-a/x/y`, but neither `team-a` nor `team-b/x`.
 * Case-sensitive.
 */
export class AgentAccess {
  /** Access to all agents. */
  static readonly ALL = new AgentAccess(null);

  readonly #patterns: readonly string[] | null;
  /** Agent types that match exactly. Empty if all agents match. */
  readonly agentTypes: readonly string[];
  /** Prefixes of agent types that match. Empty if all agents match. */
  readonly prefixes: readonly string[];

  private constructor(patterns: readonly string[] | null) {
    this.#patterns = patterns;
    const isPrefix = (pattern: string): boolean => pattern.endsWith('*');
    this.agentTypes = patterns?.filter((pattern) => !isPrefix(pattern)) ?? [];
    this.prefixes = patterns?.filter(isPrefix).map((pattern) => pattern.slice(0, -1)) ?? [];
  }

  /**
   * Access to the agents that match a pattern.
   *
   * @param patterns 1 to 100 patterns of 1 to 51 characters; null: all agents
   * @throws DomainError `validation_failed` if the patterns are invalid
   */
  static of(patterns: readonly string[] | null): AgentAccess {
    if (patterns === null) return AgentAccess.ALL;
    const faults = findPatternFaults(patterns);
    if (faults.length > 0) throw validationFailed(faults);
    return new AgentAccess([...new Set(patterns)]);
  }

  /** Access to the agents that match a stored pattern. Invalid patterns, such as of a manually edited row, match nothing. */
  static ofStored(patterns: readonly string[] | null): AgentAccess {
    if (patterns === null) return AgentAccess.ALL;
    return new AgentAccess(patterns.filter((pattern) => findPatternFault(pattern) === null));
  }

  /**
   * Checks the argument of an in-process call.
   *
   * @throws DomainError `validation_failed` if the value is not an AgentAccess
   */
  static assert(value: unknown, name = 'access'): asserts value is AgentAccess {
    // A check of the private member, which a proxy cannot intercept.
    if (typeof value === 'object' && value !== null && #patterns in value) return;
    throw validationFailed([{ field: name, detail: 'must be an AgentAccess' }]);
  }

  /** Whether only some agents match. */
  get isLimited(): boolean {
    return this.#patterns !== null;
  }

  /** Patterns of the limit; null: all agents. */
  get patterns(): readonly string[] | null {
    return this.#patterns;
  }

  /** Whether the agent may be read and written. It need not exist. */
  mayAccess(agentType: string): boolean {
    if (this.#patterns === null) return true;
    if (typeof agentType !== 'string') return false;
    return this.agentTypes.includes(agentType) || this.prefixes.some((prefix) => agentType.startsWith(prefix));
  }

  /**
   * Refuses an agent that must not be read or written. Call it before any lookup, so that the error does not depend on
   * whether the agent exists.
   *
   * @throws DomainError `agent_forbidden`
   */
  assertMayAccess(agentType: string): void {
    if (!this.mayAccess(agentType)) throw agentForbidden();
  }
}
