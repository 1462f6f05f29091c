import { DomainError } from '../common/index.js';
import type { Gate } from './rules/eligibility.js';
import type { Requirement } from './rules/requirement.js';

const ACTIONS: Readonly<Record<Gate, string>> = { propose: 'propose', 'level-up': 'level up' };

/** The agent cannot pass the gate. The problem document lists the unmet requirements in `requirements`. */
export function requirementsUnmet(gate: Gate, agentType: string, unmet: readonly Requirement[]): DomainError {
  const names = unmet.map(({ name }) => name).join('; ');
  return new DomainError(
    'custody_requirements_unmet',
    `The agent ${JSON.stringify(agentType)} cannot ${ACTIONS[gate]} now. Unmet requirements: ${names}.`,
    { extensions: { requirements: unmet } },
  );
}
