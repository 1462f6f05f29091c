import type { LedgerEvent } from '../../api/types.js';

/**
 * Compares each event with the previous one. Events that are not next to each other, for example because of a filter, are not
 * compared.
 *
 * @param events newest first
 * @returns version of the first event whose link is broken; null if there is none
 */
export function checkLinks(events: readonly Pick<LedgerEvent, 'version' | 'hash' | 'prev_hash'>[]): number | null {
  const broken = events.find((event, index) => {
    const previous = events[index + 1];
    return previous?.version === event.version - 1 && previous.hash !== event.prev_hash;
  });
  return broken?.version ?? null;
}
