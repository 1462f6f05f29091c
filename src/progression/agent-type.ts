/** Longest agent type, agent_id, and words such as the status, in characters. */
export const AGENT_TYPE_MAX_LENGTH = 50;
export const AGENT_ID_MAX_LENGTH = 100;
export const WORD_MAX_LENGTH = 20;
/** What an agent type looks like that is created: letters, digits and `. _ : + @ -`, not beginning with a sign. */
const AGENT_TYPE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:+@-]*$/;

/** Words that stand, or may come to stand, where paths have an agent type. */
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
  'schedule',
  'summary',
  'test-categories',
  'trends',
];

/** The agents that exist from the first start, in the order of their creation. */
export const DEFAULT_AGENT_TYPES = ['imperium', 'guardian', 'sandbox', 'conquest'] as const;

/** Whether an agent of this type may be created. Agents that exist already, whatever they are called, stay usable. */
export function isAgentTypeForNew(agentType: string): boolean {
  return isWellFormedAgentType(agentType) && !PATH_WORDS.includes(agentType);
}

/** Whether this looks like an agent type that may be created, path words aside. */
export function isWellFormedAgentType(agentType: string): boolean {
  return agentType.length <= AGENT_TYPE_MAX_LENGTH && AGENT_TYPE_PATTERN.test(agentType);
}

/** The agent_id of an agent that wasn't given one. */
export function defaultAgentId(agentType: string): string {
  return `${agentType}_agent`;
}
