import type { FeedEvent } from './feed-event.js';
import type { FeedPage } from './feed-statements.js';

/** Maximum number of events, and of characters of their payloads, that are kept for all readers. */
const EVENTS_MAX = 2_000;
const SIZE_MAX = 8 * 1024 * 1024;
/** Maximum size of a page, in characters of the payloads. A single payload may be longer. */
const PAGE_SIZE = 256 * 1024;

/** The newest events of the feed, which all readers at its end share. */
export class RecentEvents {
  private events: { event: FeedEvent; size: number }[] = [];
  private size = 0;
  /** All events after this position, up to `end`, are kept. */
  private start: number;

  /** @param end position after which events are added */
  constructor(public end: number) {
    this.start = end;
  }

  add({ events, position }: FeedPage): void {
    for (const event of events) {
      if (event.type === 'renamed') this.rename(event);
      const size = JSON.stringify(event.payload).length;
      this.events.push({ event, size });
      this.size += size;
    }
    this.end = position;
    let removed = 0;
    while (this.events.length - removed > EVENTS_MAX || (this.size > SIZE_MAX && this.events.length - removed > 1)) {
      const oldest = this.events[removed++];
      if (!oldest) break;
      this.size -= oldest.size;
      this.start = oldest.event.position;
    }
    if (removed > 0) this.events.splice(0, removed);
  }

  /** The events after a position, at most `limit`. Null if some are no longer kept, or the position is not reached yet. */
  after(position: number, limit: number): FeedPage | null {
    if (position < this.start || position > this.end) return null;
    const events: FeedEvent[] = [];
    let index = this.findIndex(position);
    for (let size = 0; events.length < limit && size < PAGE_SIZE; index++) {
      const next = this.events[index];
      if (!next) return { events, position: this.end };
      events.push(next.event);
      size += next.size;
    }
    return { events, position: events.at(-1)?.position ?? position };
  }

  /** The events of the agent have its new name in the database. */
  private rename({ agent_type, payload }: FeedEvent): void {
    const from = (payload as { from?: unknown } | null)?.from;
    this.events = this.events.map((kept) =>
      kept.event.agent_type === from ? { ...kept, event: { ...kept.event, agent_type } } : kept,
    );
  }

  /** Index of the first event after the position. */
  private findIndex(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.event.position ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
