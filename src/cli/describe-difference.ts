import type { Difference } from '../verification/difference.js';

export function describeDifference({ agent_type, in: place, version, problem }: Difference): string {
  return `${agent_type}: ${place}${version === undefined ? '' : ` ${version}`}: ${problem}`;
}
