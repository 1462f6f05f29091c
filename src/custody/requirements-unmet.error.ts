import { DomainError } from '../common/index.js';
import type { Gate } from './rules/eligibility.js';
import type { Requirement } from './rules/requirement.js';

const DEEDS: Readonly<Record<Gate, string>> = { propose: 'propose', 'level-up': 'level up' };

/** The agent may not pass the gate. The problem document has what it lacks in `requirements`. */
export function requirementsUnmet(gate: Gate, agentType: string, unmet: readonly Requirement[]): DomainError {
  const lacking = unmet.map(({ name }) => name).join('; ');
  return new DomainError(
    'custody_requirements_unmet',
    `The agent ${JSON.stringify(agentType)} may not ${DEEDS[gate]} now. Not as required: ${lacking}.`,
    { extensions: { requirements: unmet } },
  );
}
