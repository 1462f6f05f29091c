import { Injectable } from '@nestjs/common';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { extendFeed, type IdRange, subtractRanges } from './extend-feed.js';
import {
  addGaps,
  addSegments,
  type Backlog,
  deleteGaps,
  GAPS_MAX,
  type LockedFeed,
  lockFeed,
  readBacklog,
  readCommitted,
  readGaps,
  readLate,
  readWriters,
  ROUND_MAX,
  setEnd,
} from './sequencer-statements.js';
import { WriterWatch } from './writer-watch.js';

/**
 * Result of a round: `busy` (another instance numbers the events), `done` (all visible events have positions), `more` (there
 * are further events), or `waits` (an id is missing whose event may be committed soon).
 */
export type RoundResult = 'busy' | 'done' | 'more' | 'waits';

/** Late events, and the gaps that change. */
interface CheckedGaps {
  late: IdRange[];
  replaced: IdRange[];
  rest: IdRange[];
  isCut: boolean;
}
const NO_GAPS: CheckedGaps = { late: [], replaced: [], rest: [], isCut: false };

/**
 * Assigns positions to committed events. Any instance can do it; one at a time does. A round is durable before its positions
 * are read, so that they never change.
 */
@Injectable()
export class Sequencer {
  private readonly watch = new WriterWatch();
  /** Last gap that was checked: the next round continues after it. */
  private gapCursor = 0;

  constructor(private readonly transactions: TransactionRunner) {}

  /** Reads how far the feed is. */
  async readBacklog(): Promise<Backlog> {
    return this.transactions.read(readBacklog);
  }

  /** Assigns positions to the next events. Does nothing if another instance is doing so. */
  async advance(): Promise<RoundResult> {
    return this.transactions.run(async (session) => {
      const feed = await lockFeed(session);
      return feed ? this.number(session, feed) : 'busy';
    });
  }

  private async number(session: Session, feed: LockedFeed): Promise<RoundResult> {
    const gaps = await this.readNextGaps(session);
    // Read before the events: see WriterWatch.
    if (!this.watch.isEmpty || gaps.length > 0) this.watch.update(await readWriters(session));
    const checked = await this.checkGaps(session, gaps);
    const committed = await readCommitted(session, feed.lastId, feed.limitId);
    const now = performance.now();
    const extension = extendFeed(feed, checked.late, committed, (gap) => this.watch.judge(gap, now));
    if (extension.lastId !== feed.lastId || extension.lastPosition !== feed.lastPosition) {
      await addSegments(session, extension.segments);
      await setEnd(session, extension);
    }
    await deleteGaps(session, checked.replaced);
    await addGaps(session, [...checked.rest, ...extension.passed]);
    await this.observe(session, committed, feed, extension.waits, gaps.length > 0 || extension.passed.length > 0);
    if (extension.waits) return 'waits';
    return checked.isCut || countIds(committed) >= ROUND_MAX ? 'more' : 'done';
  }

  private async readNextGaps(session: Session): Promise<IdRange[]> {
    let gaps = await readGaps(session, this.gapCursor);
    if (gaps.length === 0 && this.gapCursor > 0) gaps = await readGaps(session, 0);
    this.gapCursor = gaps.length === GAPS_MAX ? (gaps.at(-1)?.first ?? 0) : 0;
    return gaps;
  }

  /** Finds late events in passed gaps. Dead gaps are deleted. */
  private async checkGaps(session: Session, gaps: readonly IdRange[]): Promise<CheckedGaps> {
    if (gaps.length === 0) return NO_GAPS;
    const late = await readLate(session, gaps);
    const isCut = countIds(late) >= ROUND_MAX;
    const checked: CheckedGaps = { late, replaced: [], rest: [], isCut };
    for (const gap of gaps) {
      const found = late.filter(({ first }) => first >= gap.first && first <= gap.last);
      // The read may have ended before the last ids of the gap.
      const isDead = !isCut && gap.last <= this.watch.deadUpTo;
      if (found.length === 0 && !isDead) continue;
      checked.replaced.push(gap);
      if (!isDead) checked.rest.push(...subtractRanges(gap, found));
    }
    return checked;
  }

  /** Notes who may still commit missing ids. The writers are read after the events. */
  private async observe(
    session: Session,
    committed: readonly IdRange[],
    { lastId }: LockedFeed,
    waits: boolean,
    hasGaps: boolean,
  ): Promise<void> {
    if (!waits && !hasGaps) {
      this.watch.clear();
      return;
    }
    const upTo = committed.at(-1)?.last ?? lastId;
    if (!this.watch.covers(upTo)) this.watch.observe(upTo, performance.now(), await readWriters(session));
  }
}

function countIds(ranges: readonly IdRange[]): number {
  return ranges.reduce((count, { first, last }) => count + last - first + 1, 0);
}
