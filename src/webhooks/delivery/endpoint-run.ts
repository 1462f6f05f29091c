import { Logger } from '@nestjs/common';
import { AgentAccess } from '../../common/index.js';
import type { FeedEvent, FeedReader } from '../../feed/index.js';
import { type AgentStates } from '../messages/agent-states.js';
import { type MessageRules, TEST_EVENTS } from '../messages/build-messages.js';
import { MessageSource, type Placed } from '../messages/message-source.js';
import type { WebhookMessage } from '../messages/message.js';
import {
  type DisabledReason,
  findDelivered,
  LEASE_SECONDS,
  logOutcomes,
  type Progress,
  saveProgress,
  toProgress,
  type WebhookEndpointRecord,
} from '../store/index.js';
import type { DeliveryServices } from './delivery-services.js';
import { deliverInOrder, type Outcome } from './deliver-in-order.js';
import { countFailures, findRetryDelay, NO_FAILURES } from './retry.js';
import { TimeLimits } from './time-limits.js';

/** Maximum number of events whose messages are delivered at the same time. */
const SLICE_EVENTS = 100;
/** Time after which no further messages are sent before the progress is saved, in milliseconds. */
const SLICE_MS = 5_000;
/** Age of the lease after which it is renewed, in milliseconds. */
const RENEWAL_MS = 5_000;
/** Time before the end of the lease at which all attempts have ended, in milliseconds. */
const LEASE_MARGIN_MS = 1_000;

/** Delivers the messages of one endpoint, as long as this instance has the lease and no attempt fails. */
export class EndpointRun {
  private readonly logger = new Logger('Webhooks');
  private readonly rules: MessageRules;
  private readonly access: AgentAccess;
  private readonly progress: Progress;
  private readonly source: MessageSource;
  private readonly limits: TimeLimits;

  /** @param leasedAt time before the lease was acquired, by `performance.now()` */
  constructor(
    private readonly endpoint: WebhookEndpointRecord,
    states: AgentStates,
    private readonly services: DeliveryServices,
    private readonly instance: string,
    private readonly signal: AbortSignal,
    private leasedAt: number,
  ) {
    this.access = AgentAccess.ofStored(endpoint.agents);
    this.rules = {
      types: new Set(endpoint.types),
      score: { tests: endpoint.score_tests, drop: endpoint.score_drop },
      judge: (state, at) => services.custody.judge(state, at),
      since: endpoint.since,
    };
    this.progress = toProgress(endpoint);
    this.source = new MessageSource(endpoint.id, this.rules, states, services.feed);
    this.limits = new TimeLimits(this.rules, this.access, states, services, (ids) => this.findDelivered(ids));
  }

  /** Follows the feed. Returns when an attempt fails, the endpoint is changed, or the signal is aborted. */
  async follow(): Promise<void> {
    const reader = await this.open();
    const close = () => {
      reader.close();
    };
    this.signal.addEventListener('abort', close);
    try {
      while (!this.signal.aborted && (await this.deliverNext(reader)));
    } finally {
      this.signal.removeEventListener('abort', close);
      reader.close();
    }
  }

  private async open(): Promise<FeedReader> {
    const { feed } = this.services;
    const end = await feed.findEnd();
    if (this.progress.position > end) {
      this.logger.warn(
        `Endpoint ${this.endpoint.id} continues at the end of the feed, which ends before its position ` +
          `${this.progress.position}: the database has lost events.`,
      );
    }
    this.progress.position = Math.max(0, Math.min(this.progress.position, end));
    const onlyTests = this.endpoint.types.every((type) => type === 'test.failed');
    const types = onlyTests ? TEST_EVENTS : undefined;
    return feed.open(
      { access: this.access, types, after: this.progress.position },
      { isCounted: false, isFresh: true },
    );
  }

  /** Returns whether to continue. */
  private async deliverNext(reader: FeedReader): Promise<boolean> {
    const { events, position } = await reader.next(this.limits.waitMs, SLICE_EVENTS);
    if (!(await this.deliverEvents(events, position))) return false;
    // Events that were not delivered are read again: agents can be renamed and erased in the meantime.
    reader.rewind(this.progress.position);
    if (!(await this.deliverLapses())) return false;
    // The message that failed was of an agent that has been erased, or is no longer selected.
    if (events.length === 0 && this.limits.isComplete) Object.assign(this.progress, NO_FAILURES);
    return this.renew();
  }

  private async deliverEvents(events: readonly FeedEvent[], end: number): Promise<boolean> {
    const placed = await this.source.build(events);
    if (!placed) return true;
    const remaining = await this.withoutDelivered(placed);
    if (remaining.length === 0) {
      this.progress.position = end;
      if (events.length === 0) this.progress.deliveredAhead = [];
      return true;
    }
    if (!(await this.renew())) return false;
    const outcomes = await this.send(remaining.map(({ message }) => message));
    const delivered = new Set(outcomes.filter(({ attempt }) => attempt.delivered).map(({ message }) => message.id));
    const rest = remaining.filter(({ message }) => !delivered.has(message.id));
    const ahead = new Set([...this.progress.deliveredAhead, ...delivered]);
    const after = rest.length === 0 ? end : Math.min(...rest.map(({ position }) => position)) - 1;
    this.progress.position = Math.max(this.progress.position, after);
    this.progress.deliveredAhead = placed.flatMap(({ message, position }) =>
      position > after && ahead.has(message.id) ? [message.id] : [],
    );
    return this.save(outcomes);
  }

  /** Time limits were reported when they ended, unless the next event was recorded before. */
  private async withoutDelivered(placed: readonly Placed[]): Promise<Placed[]> {
    const lapses = placed.filter(({ message }) => message.position === null).map(({ message }) => message.id);
    const delivered = await this.findDelivered(lapses);
    const ahead = new Set(this.progress.deliveredAhead);
    return placed.filter(({ message }) => !ahead.has(message.id) && !delivered.has(message.id));
  }

  /** Delivers the messages of time limits that ended, with nothing recorded since. */
  private async deliverLapses(): Promise<boolean> {
    const { progress, limits } = this;
    if (!this.rules.types.has('eligibility.changed')) {
      progress.limitsCheckedUntil = limits.latest();
      return true;
    }
    const messages = await limits.next(progress.position, progress.limitsCheckedUntil);
    if (!messages) return true;
    const delivered = await this.findDelivered(messages.map(({ id }) => id));
    const remaining = messages.filter(({ id }) => !delivered.has(id));
    if (remaining.length > 0 && !(await this.renew())) return false;
    const outcomes = await this.send(remaining);
    if (outcomes.filter(({ attempt }) => attempt.delivered).length === remaining.length) {
      progress.limitsCheckedUntil = limits.complete() ?? progress.limitsCheckedUntil;
    }
    return outcomes.length === 0 || this.save(outcomes);
  }

  private async findDelivered(ids: readonly string[]): Promise<Set<string>> {
    return this.services.transactions.read((session) => findDelivered(session, this.endpoint.id, ids));
  }

  /** No attempt begins that may end after the lease, when another instance can deliver. */
  private async send(messages: readonly WebhookMessage[]): Promise<Outcome[]> {
    const { sender, settings } = this.services;
    const leaseEnd = this.leasedAt + LEASE_SECONDS * 1_000 - settings.timeoutMs - LEASE_MARGIN_MS;
    const until = Math.min(performance.now() + SLICE_MS, leaseEnd);
    return deliverInOrder(
      messages,
      (message) => sender.send(this.endpoint, message),
      () => performance.now() < until && !this.signal.aborted,
    );
  }

  /** Renews an older lease. Returns whether to continue. */
  private async renew(): Promise<boolean> {
    return performance.now() - this.leasedAt < RENEWAL_MS || this.save([]);
  }

  /** Saves the progress and the attempts. Returns whether to continue: no attempt failed, and the lease was renewed. */
  private async save(outcomes: readonly Outcome[]): Promise<boolean> {
    const failure = outcomes.find(({ attempt }) => !attempt.delivered);
    const { progress, endpoint, services } = this;
    Object.assign(progress, countFailures(progress, outcomes));
    if (failure) {
      progress.lastError = failure.attempt.error;
      const { retryDelaysMs } = services.settings;
      const { retryAfterMs } = failure.attempt;
      progress.retryAfterMs = findRetryDelay(progress.failures, retryDelaysMs, retryAfterMs, Math.random());
      progress.disabledReason = findDisabledReason(outcomes, progress.retryAfterMs);
    } else if (progress.failures === 0) {
      progress.lastError = null;
    }
    progress.hasDelivered = outcomes.some(({ attempt }) => attempt.delivered);
    const leasedAt = performance.now();
    const isSaved = await services.transactions.run(async (session) => {
      const hasLease = await saveProgress(session, endpoint, this.instance, progress);
      if (hasLease) await logOutcomes(session, endpoint.id, outcomes);
      return hasLease;
    });
    this.leasedAt = leasedAt;
    if (isSaved && failure) this.report(progress);
    return isSaved && !failure;
  }

  /** The URL can contain a secret, and is not logged. */
  private report({ failures, lastError, disabledReason }: Progress): void {
    const { id, url } = this.endpoint;
    const endpoint = URL.canParse(url) ? `Endpoint ${id} at ${new URL(url).origin}` : `Endpoint ${id}`;
    if (disabledReason) this.logger.error(`${endpoint} was disabled (${disabledReason}): ${lastError ?? ''}`);
    else if (failures === 1) this.logger.warn(`${endpoint} failed and will be retried: ${lastError ?? ''}`);
  }
}

const GONE = 410;

function findDisabledReason(outcomes: readonly Outcome[], retryAfterMs: number | null): DisabledReason | null {
  if (outcomes.some(({ attempt }) => attempt.status_code === GONE)) return 'gone';
  return retryAfterMs === null ? 'failing' : null;
}
