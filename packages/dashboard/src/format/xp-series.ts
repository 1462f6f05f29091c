import type { LedgerEvent } from '../api/types.js';

export interface XpPoint {
  /** Unix time in seconds. */
  time: number;
  xp: number;
  custody_xp: number;
}

type Added = Omit<XpPoint, 'time'>;

const NOTHING: Added = { xp: 0, custody_xp: 0 };

/** XP that the event added; null if it set the XP, so that the value before is unknown. */
function addedXp({ type, payload, voided_by }: LedgerEvent): Added | null {
  const awarded = typeof payload.xp_awarded === 'number' ? payload.xp_awarded : 0;
  if (voided_by !== null) return NOTHING;
  switch (type) {
    case 'custody_test':
      return { xp: 0, custody_xp: awarded };
    case 'adversarial_test':
    case 'learning':
      return { xp: awarded, custody_xp: 0 };
    case 'custody_xp':
      return { xp: 0, custody_xp: Number(payload.amount) };
    case 'renamed':
    case 'voided':
      return NOTHING;
    default:
      return type === 'updated' && !('xp' in payload) && !('custody_xp' in payload) ? NOTHING : null;
  }
}

/**
 * XP after each of the newest events by their times, computed backwards from the present values. Ends at the first event that
 * set the XP instead of adding to it (reset, import, merge).
 *
 * @param events newest first, without gaps
 */
export function xpSeries(events: readonly LedgerEvent[], xp: number, custodyXp: number): XpPoint[] {
  const steps: (Added & { time: number })[] = [];
  for (const event of events) {
    const added = addedXp(event);
    steps.push({ time: Date.parse(event.occurred_at) / 1_000, ...(added ?? NOTHING) });
    if (added === null) break;
  }
  const current = { xp, custody_xp: custodyXp };
  return steps
    .sort((a, b) => b.time - a.time)
    .map((step) => {
      const point = { time: step.time, ...current };
      current.xp = Math.max(0, current.xp - step.xp);
      current.custody_xp = Math.max(0, current.custody_xp - step.custody_xp);
      return point;
    })
    .reverse();
}
