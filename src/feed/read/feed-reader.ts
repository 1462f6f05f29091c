import type { TransactionRunner } from '../../database/transactions/index.js';
import type { FeedLoop } from '../feed-loop.js';
import type { FeedFilter } from './feed-filter.js';
import { type FeedPage, readFeedPage } from './feed-statements.js';

/** Maximum number of events on a page. */
const PAGE_MAX = 500;

/** Reads the selected events of the feed in order, from a position. Close it after use. */
export class FeedReader {
  private readonly closing = new AbortController();

  /**
   * @param at position after which the reader begins
   * @param isFresh whether events are read from the database each time, with their present names and without erased ones
   */
  constructor(
    private readonly loop: FeedLoop,
    private readonly transactions: TransactionRunner,
    private readonly filter: FeedFilter,
    private at: number,
    private readonly isFresh: boolean,
    private readonly onClose: () => void,
  ) {}

  /** Last position that was read: the selected events up to it have been returned. */
  get position(): number {
    return this.at;
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /**
   * Reads the next events. Waits for them if there are none.
   *
   * @param waitMs maximum wait, in milliseconds
   * @param limit maximum number of events, 1 to 500
   * @returns events; none if no events were committed in time, or the reader is closed
   * @throws DomainError failure of the database; the reader can be used again
   */
  async next(waitMs: number, limit = PAGE_MAX): Promise<FeedPage> {
    const until = performance.now() + waitMs;
    while (!this.isClosed) {
      const page = await this.read(limit);
      const isAtEnd = page.position === this.at;
      this.at = page.position;
      if (page.events.length > 0) return page;
      const left = until - performance.now();
      if (left <= 0) break;
      if (isAtEnd) await this.loop.waitForEvents(this.at, left, this.closing.signal);
    }
    return { events: [], position: this.at };
  }

  /** Reads the events after this position again. */
  rewind(position: number): void {
    this.at = Math.min(this.at, position);
  }

  /** Ends the reader. A waiting `next` returns no events. */
  close(): void {
    if (this.isClosed) return;
    this.closing.abort();
    this.onClose();
  }

  private async read(limit: number): Promise<FeedPage> {
    const recent = this.loop.recent?.after(this.at, limit);
    const events = recent?.events.filter((event) => this.filter.selects(event)) ?? [];
    if (recent && (events.length === 0 || !this.isFresh)) return { ...recent, events };
    return this.transactions.read((session) => readFeedPage(session, this.at, limit, this.filter));
  }
}
