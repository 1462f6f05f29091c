import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';
import type { LegacyRow } from './legacy-row.js';
import type { RepairRule } from './repair.js';

/** What the rollups call all agents together. */
const ALL_AGENTS = '*';
const UNNAMED = 'unnamed';

/** What an agent is to be called, and why that isn't what its row says. */
export interface AgentName {
  agentType: string;
  why: RepairRule | null;
}

/** The name that a row gives its agent, whatever other agents are called. Names that exist stay, however odd. */
export function nameIn(row: LegacyRow): AgentName {
  const found = row['agent_type'] ?? '';
  if (found === '') return { agentType: shortened(row['agent_id'] ?? '') || UNNAMED, why: 'name_missing' };
  const agentType = shortened(found);
  return { agentType, why: agentType === found ? null : 'name_too_long' };
}

/** Whether this can't be the name of one agent. */
export function isReserved(agentType: string): boolean {
  return agentType === ALL_AGENTS;
}

/** The name with a number behind it, as long as a name may be. */
export function numbered(agentType: string, number: number): string {
  const suffix = `~${number}`;
  return [...agentType].slice(0, AGENT_TYPE_MAX_LENGTH - suffix.length).join('') + suffix;
}

function shortened(name: string): string {
  return [...name].slice(0, AGENT_TYPE_MAX_LENGTH).join('');
}
