import type { Gate } from '../../custody/index.js';
import { shownText } from '../../common/index.js';
import type { ShownEligibility, ShownRequirement } from './eligibility-document.js';

const ACTIONS: Readonly<Record<Gate, string>> = { propose: 'propose', 'level-up': 'level up' };
const BOUNDS = { at_least: 'at least ', at_most: 'at most ', equal: '' } as const;

/** Lines for a gate: whether the agent can pass it, and each requirement with its state and what is missing. */
export function formatGate(agentType: string, gate: Gate, { eligible, requirements }: ShownEligibility): string[] {
  const unmet = requirements.filter(({ met }) => !met).length;
  const result = eligible
    ? `can ${ACTIONS[gate]}.`
    : `cannot ${ACTIONS[gate]}: ${unmet} of ${requirements.length} requirements ${unmet === 1 ? 'is' : 'are'} unmet.`;
  return [`${agentType} ${result}`, ...requirements.map(formatRequirement)].map(shownText);
}

function formatRequirement(requirement: ShownRequirement): string {
  const { name, comparison, required, actual, unit, met } = requirement;
  const found = actual === null ? 'none' : formatValue(actual, unit);
  const bound = `${BOUNDS[comparison]}${formatValue(required, unit)}`;
  const details = [`required: ${bound}`, ...describeMissing(requirement), ...describeEnd(requirement)];
  return `  ${met ? 'met  ' : 'UNMET'}  ${name}: ${found} (${details.join('; ')})`;
}

function describeMissing({ comparison, required, actual, unit, met }: ShownRequirement): string[] {
  if (met || typeof required === 'boolean' || typeof actual === 'boolean') return [];
  if (comparison === 'at_least') return [`missing: ${formatValue(required - (actual ?? 0), unit)}`];
  return actual === null
    ? []
    : [`too ${unit === 'seconds' ? 'long' : 'many'}: ${formatValue(actual - required, unit)}`];
}

function describeEnd({ until, met }: ShownRequirement): string[] {
  if (until === null) return [];
  return [`${met ? 'until' : 'ended'} ${until}`];
}

function formatValue(value: number | boolean, unit: string | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  switch (unit) {
    case 'ratio':
      return `${formatNumber(value * 100)} %`;
    case 'seconds':
      return formatDuration(value);
    case 'tests':
      return value === 1 ? '1 test' : `${formatNumber(value)} tests`;
    default:
      return unit === null ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
  }
}

function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}

/** In the two largest units. */
function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
