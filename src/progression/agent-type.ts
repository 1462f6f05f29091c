/** Maximum lengths in characters: agent type, agent_id, and short texts such as the status. */
export const AGENT_TYPE_MAX_LENGTH = 50;
export const AGENT_ID_MAX_LENGTH = 100;
export const WORD_MAX_LENGTH = 20;
/** Format of a new agent type: letters, digits and `. _ : + @ / -`; the first character is a letter or a digit. */
const AGENT_TYPE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:+@/-]*$/;

/** Reserved words: path segments in the position of an agent type, in use or reserved for future use. */
export const PATH_WORDS: readonly string[] = [
  'adversarial-test',
  'analytics',
  'bulk-update',
  'custody',
  'custody-test',
  'custody-xp',
  'eligibility',
  'events',
  'export',
  'import',
  'leaderboard',
  'learning',
  'live-analytics',
  'recommendations',
  'reset',
  'results',
  'schedule',
  'summary',
  'test-categories',
  'trends',
];

/** Agents created at the first start, in this order. */
export const DEFAULT_AGENT_TYPES = ['imperium', 'guardian', 'sandbox', 'conquest'] as const;

/** Whether an agent of this type may be created. Existing agents stay usable under any name. */
export function isAgentTypeForNew(agentType: string): boolean {
  return isWellFormedAgentType(agentType) && !PATH_WORDS.includes(agentType);
}

/** Whether the agent type has a valid format and length. Reserved words are not checked. */
export function isWellFormedAgentType(agentType: string): boolean {
  return agentType.length <= AGENT_TYPE_MAX_LENGTH && AGENT_TYPE_PATTERN.test(agentType);
}

/** Default agent_id. */
export function defaultAgentId(agentType: string): string {
  return `${agentType}_agent`;
}
