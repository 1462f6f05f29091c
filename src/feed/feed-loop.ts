import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { getErrorMessage, roundChannel } from '../common/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { readFeedPage } from './read/feed-statements.js';
import { RecentEvents } from './read/recent-events.js';
import { Sequencer } from './sequence/sequencer.js';

/** Minimum time between two rounds of the sequencer, in milliseconds. Each waits for the disk, as a write does. */
const ROUND_INTERVAL_MS = 40;
/** Time between two looks at the ledger, if this process records nothing. */
const POLL_INTERVAL_MS = 100;
/** The same after a failure of the database. */
const FAILED_INTERVAL_MS = 1_000;
/** Maximum number of events on a page. */
const PAGE_MAX = 1_000;
/** Number of positions that are skipped instead of read for all readers. */
const BACKLOG_MAX = 10_000;

/** Numbers new events and reads them for all readers of this process, as long as there are readers. */
@Injectable()
export class FeedLoop {
  private readonly logger = new Logger('AgentFeed');
  private readonly waiting = new Set<() => void>();
  private recentEvents: RecentEvents | null = null;
  private users = 0;
  private running: Promise<void> | null = null;
  private hasFailed = false;
  private wakeUp: AbortController | null = null;
  private isWoken = false;

  constructor(
    private readonly sequencer: Sequencer,
    private readonly transactions: TransactionRunner,
  ) {}

  /** The newest events; null while none have been read. */
  get recent(): RecentEvents | null {
    return this.recentEvents;
  }

  /** Begins to use the loop. Returns a function that ends the use. */
  use(): () => void {
    this.users++;
    this.running ??= this.run();
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.users--;
      if (this.users === 0) this.wake();
    };
  }

  /** Waits until the loop has ended, after its last use. */
  async finish(): Promise<void> {
    await this.running;
  }

  /** Looks at the ledger soon. */
  readonly wake = (): void => {
    this.isWoken = true;
    this.wakeUp?.abort();
  };

  /** Waits until there may be events after the position, until the time has passed, or until the signal is aborted. */
  async waitForEvents(after: number, waitMs: number, signal: AbortSignal): Promise<void> {
    if (waitMs <= 0 || signal.aborted || (this.recentEvents && this.recentEvents.end > after)) return;
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        this.waiting.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener('abort', finish);
      this.waiting.add(finish);
    });
  }

  /**
   * Gives positions to all events that are visible now, except those after an id that may still be committed. Waits for another
   * instance that does so.
   */
  async catchUp(): Promise<void> {
    const { newestId } = await this.sequencer.readBacklog();
    for (;;) {
      const result = await this.sequencer.advance();
      if (result === 'done' || result === 'waits') return;
      if (result === 'busy') await sleep(ROUND_INTERVAL_MS / 4);
      const { lastId } = await this.sequencer.readBacklog();
      if (lastId >= newestId) return;
    }
  }

  private async run(): Promise<void> {
    const tracing = { asyncEnd: this.wake };
    roundChannel.subscribe(tracing as never);
    try {
      while (this.users > 0) {
        this.isWoken = false;
        const hasMore = await this.tick();
        if (!hasMore) await this.pause();
      }
    } finally {
      roundChannel.unsubscribe(tracing as never);
      this.running = null;
      this.recentEvents = null;
    }
  }

  /** Returns whether there is more to do. */
  private async tick(): Promise<boolean> {
    try {
      const { lastId, newestId, hasGaps } = await this.sequencer.readBacklog();
      const result = newestId > lastId || hasGaps ? await this.sequencer.advance() : 'done';
      if (result !== 'more') await this.readRecent();
      if (result === 'waits') this.isWoken = true;
      this.hasFailed = false;
      return result === 'more';
    } catch (error) {
      if (!this.hasFailed) this.logger.warn(`The feed waits for the database: ${getErrorMessage(error)}`);
      this.hasFailed = true;
      return false;
    }
  }

  private async readRecent(): Promise<void> {
    const { lastPosition } = await this.sequencer.readBacklog();
    // After a long backlog, readers read the events before it themselves.
    if (!this.recentEvents || lastPosition - this.recentEvents.end > BACKLOG_MAX) {
      this.recentEvents = new RecentEvents(lastPosition);
      this.announce();
    }
    const recent = this.recentEvents;
    while (recent.end < lastPosition) {
      const page = await this.transactions.read((session) => readFeedPage(session, recent.end, PAGE_MAX, null));
      recent.add(page);
      this.announce();
    }
  }

  private announce(): void {
    for (const finish of [...this.waiting]) finish();
  }

  private async pause(): Promise<void> {
    await sleep(this.hasFailed ? FAILED_INTERVAL_MS : ROUND_INTERVAL_MS);
    if (this.isWoken || this.hasFailed || this.users === 0) return;
    this.wakeUp = new AbortController();
    await sleep(POLL_INTERVAL_MS - ROUND_INTERVAL_MS, null, { signal: this.wakeUp.signal }).catch(() => undefined);
    this.wakeUp = null;
  }
}
