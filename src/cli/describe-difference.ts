import type { Difference } from '../verification/index.js';

/** Formats a difference as one line. */
export function describeDifference({ agent_type, in: place, version, problem }: Difference): string {
  return `${agent_type}: ${place}${version === undefined ? '' : ` ${version}`}: ${problem}`;
}
