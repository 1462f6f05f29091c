import type { Gate, Requirement } from '../api/types.js';
import { formatDecimal, formatInteger, formatPercent } from './numbers.js';
import { formatDuration } from './times.js';

type Value = Requirement['required'] | null;

/** The value with its unit. */
export function formatValue(value: Value, unit: string | null): string {
  if (value === null) return unit === 'seconds' ? 'never' : 'none yet';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (unit === 'seconds') return formatDuration(value);
  if (unit === 'ratio') return formatPercent(value);
  const shown = Number.isInteger(value) ? formatInteger(value) : formatDecimal(value);
  return unit === null ? shown : `${shown} ${value === 1 && unit.endsWith('s') ? unit.slice(0, -1) : unit}`;
}

const COMPARISONS: Record<Requirement['comparison'], string> = {
  at_least: 'at least',
  at_most: 'at most',
  equal: 'must be',
};

/** `at least 3 tests`. */
export const formatRequired = ({ comparison, required, unit }: Requirement): string =>
  `${COMPARISONS[comparison]} ${formatValue(required, unit)}`;

/** What is missing, in words: `50 XP more`, `needs a passed test`. */
export function formatMissing(requirement: Requirement): string {
  const { comparison, required, actual, unit, code } = requirement;
  if (code === 'active') return 'the agent is not active';
  if (actual === null)
    return `no ${requirement.name.replace(/^time since a test was last passed$/, 'test was passed yet')}`;
  if (typeof required !== 'number' || typeof actual !== 'number') return formatRequired(requirement);
  if (unit === 'ratio') return `${requirement.name}: ${formatPercent(actual)}, needs ${formatPercent(required)}`;
  if (unit === 'seconds') return `last pass ${formatDuration(actual)} ago, limit ${formatDuration(required)}`;
  if (comparison === 'at_least') {
    const missing = required - actual;
    const name = missing === 1 ? requirement.name.replace(/^tests\b/, 'test') : requirement.name;
    return `${formatInteger(missing)} more ${unit === 'XP' ? 'custody XP' : name}`;
  }
  return `${formatInteger(actual)} ${requirement.name}, limit ${formatInteger(required)}`;
}

/** The first reason why the gate is closed; null if it is open. */
export function firstReason({ requirements }: Gate): string | null {
  const unmet = requirements.filter(({ met }) => !met);
  const [first] = unmet;
  if (first === undefined) return null;
  const rest = unmet.length - 1;
  return `${formatMissing(first)}${rest > 0 ? ` (and ${formatInteger(rest)} more)` : ''}`;
}
