import type { LedgerEvent } from '../api/types.js';

export interface XpPoint {
  /** Unix time in seconds. */
  time: number;
  xp: number;
  custody_xp: number;
}

/** XP that the event added; null if it set the XP, so that the value before is unknown. */
function addedXp({ type, payload }: LedgerEvent): { xp: number; custody_xp: number } | null {
  const awarded = typeof payload.xp_awarded === 'number' ? payload.xp_awarded : 0;
  switch (type) {
    case 'custody_test':
      return { xp: 0, custody_xp: awarded };
    case 'adversarial_test':
    case 'learning':
      return { xp: awarded, custody_xp: 0 };
    case 'custody_xp':
      return { xp: 0, custody_xp: Number(payload.amount) };
    case 'renamed':
      return { xp: 0, custody_xp: 0 };
    default:
      return type === 'updated' && !('xp' in payload) && !('custody_xp' in payload) ? { xp: 0, custody_xp: 0 } : null;
  }
}

/**
 * XP after each of the newest events, computed backwards from the present values. Ends at the first event that set the XP
 * instead of adding to it (reset, import, voiding).
 *
 * @param events newest first, without gaps
 */
export function xpSeries(events: readonly LedgerEvent[], xp: number, custodyXp: number): XpPoint[] {
  const points: XpPoint[] = [];
  let current = { xp, custody_xp: custodyXp };
  for (const event of events) {
    points.push({ time: Date.parse(event.recorded_at) / 1_000, ...current });
    const added = addedXp(event);
    if (added === null) break;
    current = {
      xp: Math.max(0, current.xp - added.xp),
      custody_xp: Math.max(0, current.custody_xp - added.custody_xp),
    };
  }
  return points.reverse();
}
