import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';
import type { LegacyRow } from './legacy-row.js';
import type { RepairRule } from './repair.js';

/** Name of all agents in the rollups. */
const ALL_AGENTS = '*';
const UNNAMED = 'unnamed';

/** Agent type of a row, and the rule by which it was changed, if any. */
export interface AgentName {
  agentType: string;
  why: RepairRule | null;
}

/** Reads the agent type from a row, regardless of other agents. Existing names are only shortened. */
export function toAgentName(row: LegacyRow): AgentName {
  const found = row['agent_type'] ?? '';
  if (found === '') return { agentType: shorten(row['agent_id'] ?? '') || UNNAMED, why: 'name_missing' };
  const agentType = shorten(found);
  return { agentType, why: agentType === found ? null : 'name_too_long' };
}

/** Whether the name is reserved. */
export function isReserved(agentType: string): boolean {
  return agentType === ALL_AGENTS;
}

/** Appends a number to the name, within the maximum length. */
export function addNumber(agentType: string, number: number): string {
  const suffix = `~${number}`;
  return [...agentType].slice(0, AGENT_TYPE_MAX_LENGTH - suffix.length).join('') + suffix;
}

function shorten(name: string): string {
  return [...name].slice(0, AGENT_TYPE_MAX_LENGTH).join('');
}
