import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AgentAccess, shuttingDown, ThrowsDomainErrors, validationFailed } from '../common/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { assertAgentType } from '../http/parameters/index.js';
import { tooManyReaders, unknownPosition } from './errors.js';
import { FeedLoop } from './feed-loop.js';
import { FEED_SETTINGS, type FeedSettings } from './options.js';
import type { FeedEvent } from './read/feed-event.js';
import { FeedFilter } from './read/feed-filter.js';
import { FeedReader } from './read/feed-reader.js';
import { readFeedPage, readLastPosition } from './read/feed-statements.js';

/** Time of one wait of `follow`, in milliseconds. */
const WAIT_MS = 60_000;

/** Duration that a transaction of a write does not exceed, in milliseconds. */
const TRANSACTION_MAX_MS = 60_000;

/** Selects the events of a reader, and where it begins. */
export interface FeedRequest {
  /** Position after which the reader begins. Default: the end of the feed, so that it reads only new events. 0: all events. */
  after?: number | undefined;
  /** Agents; default: all. They need not exist. */
  agentTypes?: readonly string[] | undefined;
  /** Types of events; default: all. */
  types?: readonly string[] | undefined;
  /** Limits the reader to agents. Default: all. */
  access?: AgentAccess | undefined;
}

/**
 * The committed events of all agents, in one order, which is the same for all readers, instances and times: every event has one
 * position. A reader that stores the position of the last event that it has processed can continue after it, on any instance.
 */
@Injectable()
@ThrowsDomainErrors()
export class AgentFeed implements OnModuleDestroy {
  private readonly readers = new Set<FeedReader>();
  /** Number of open or opening readers that are counted. */
  private counted = 0;
  private isClosing = false;

  constructor(
    private readonly loop: FeedLoop,
    private readonly transactions: TransactionRunner,
    @Inject(FEED_SETTINGS) private readonly settings: FeedSettings,
  ) {}

  /**
   * Opens a reader. Close it after use.
   *
   * @param options `positionField`: name of the position in errors. `isCounted`: whether the reader is one of the maximum
   *   number. `isFresh`: whether each read is of the present state of the database; otherwise, the newest events may be older:
   *   with an earlier name of an agent, or of an agent that has been erased
   * @throws DomainError `validation_failed` if an argument is invalid or the position is after the end of the feed; `overloaded`
   *   if this process has the maximum number of readers; `shutting_down`; failures of the database
   */
  async open(
    request: FeedRequest = {},
    {
      positionField = 'after',
      isCounted = true,
      isFresh = false,
    }: { positionField?: string; isCounted?: boolean; isFresh?: boolean } = {},
  ): Promise<FeedReader> {
    const { after, agentTypes, types, access = AgentAccess.ALL } = request;
    AgentAccess.assert(access);
    assertList(agentTypes, 'agentTypes').forEach((agentType) => {
      assertAgentType(agentType, 'agentTypes');
    });
    assertList(types, 'types');
    if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0)) {
      throw validationFailed([{ field: positionField, detail: 'must be a whole number that is not negative' }]);
    }
    if (this.isClosing) throw shuttingDown();
    const { maxReaders } = this.settings;
    if (isCounted && this.counted >= maxReaders) throw tooManyReaders(maxReaders);
    if (isCounted) this.counted++;
    const endUse = this.loop.use();
    const release = () => {
      if (isCounted) this.counted--;
      endUse();
    };
    try {
      const position = await this.findStart(after, positionField);
      const filter = new FeedFilter(access, agentTypes, types);
      const reader = new FeedReader(this.loop, this.transactions, filter, position, isFresh, () => {
        this.readers.delete(reader);
        release();
      });
      this.readers.add(reader);
      // close() may have been called while the position was read.
      if (this.hasClosed()) reader.close();
      return reader;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Yields the selected events as they are committed, without an end. Break the loop, or abort the signal, to end it.
   *
   * @throws DomainError see `open`
   */
  async *follow(request: FeedRequest = {}, signal?: AbortSignal): AsyncGenerator<FeedEvent, void, undefined> {
    const reader = await this.open(request);
    const close = () => {
      reader.close();
    };
    signal?.addEventListener('abort', close);
    if (signal?.aborted) close();
    try {
      while (!reader.isClosed) yield* (await reader.next(WAIT_MS)).events;
    } finally {
      signal?.removeEventListener('abort', close);
      reader.close();
    }
  }

  /**
   * Finds a position after which are all events that were recorded since the time, and few others: the order of the feed is
   * that of the commits, which differs from that of the times by at most the duration of a transaction.
   *
   * @throws DomainError failures of the database
   */
  async findPosition(time: Date): Promise<number> {
    const before = time.getTime() - TRANSACTION_MAX_MS;
    let [low, high] = [0, await this.transactions.read(readLastPosition)];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const next = await this.findNext(middle);
      if (next && next.recorded_at.getTime() < before) low = next.position;
      else high = middle;
    }
    return low;
  }

  /** Position of the newest event that is committed now. Events of transactions that are still open can be before it. */
  async findEnd(): Promise<number> {
    const endUse = this.loop.use();
    try {
      return await this.findStart(undefined, 'after');
    } finally {
      endUse();
    }
  }

  /** The first event after a position; null if there is none. @throws DomainError failures of the database */
  async findNext(position: number): Promise<FeedEvent | null> {
    for (let after = position; ;) {
      const page = await this.transactions.read((session) => readFeedPage(session, after, 1, null));
      const [event] = page.events;
      if (event) return event;
      if (page.position <= after) return null;
      after = page.position;
    }
  }

  /** Number of open readers of this process. */
  get readerCount(): number {
    return this.readers.size;
  }

  /** Closes all readers and refuses new ones. Calling it again has no effect. */
  async closeReaders(): Promise<void> {
    this.isClosing = true;
    for (const reader of [...this.readers]) reader.close();
    await this.loop.finish();
  }

  /** Closes all readers before the connections of the database close. */
  async onModuleDestroy(): Promise<void> {
    await this.closeReaders();
  }

  private hasClosed(): boolean {
    return this.isClosing;
  }

  /** @throws DomainError if the position is after the end */
  private async findStart(after: number | undefined, field: string): Promise<number> {
    // Of all events that are committed now, and of no others, it is certain that a new reader need not read them.
    if (after === undefined) await this.loop.catchUp();
    const end = await this.transactions.read(readLastPosition);
    if (after !== undefined && after > end) throw unknownPosition(field);
    return after ?? end;
  }
}

/** @throws DomainError if the value is not a list of strings; undefined is empty */
function assertList(value: unknown, name: string): readonly string[] {
  const list = value ?? [];
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw validationFailed([{ field: name, detail: 'must be a list of strings' }]);
}
