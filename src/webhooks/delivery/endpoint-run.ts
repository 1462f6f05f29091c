import { Logger } from '@nestjs/common';
import { AgentAccess, DomainError } from '../../common/index.js';
import type { FeedEvent, FeedReader } from '../../feed/index.js';
import { type AgentStates } from '../messages/agent-states.js';
import { buildMessages, type MessageRules, needsStates, TEST_EVENTS } from '../messages/build-messages.js';
import type { WebhookMessage } from '../messages/message-types.js';
import { findDelivered, logOutcomes, type Progress, saveProgress } from '../store/lease-statements.js';
import type { DisabledReason, WebhookEndpointRecord } from '../store/webhook-endpoint.entity.js';
import type { DeliveryServices } from './delivery-services.js';
import { deliverInOrder, type Outcome } from './deliver-in-order.js';
import { findRetryDelay } from './retry.js';

/** Maximum number of events whose messages are delivered at the same time. */
const SLICE_EVENTS = 100;
/** Time after which no further messages are sent before the progress is saved, in milliseconds. Less than the lease. */
const SLICE_MS = 5_000;
/** Time to wait for new events, in milliseconds. */
const WAIT_MS = 2_000;
/** Time between two looks at the time limits, in milliseconds, and as a multiple of the time that a look takes. */
const LIMITS_INTERVAL_MS = 2_000;
const LIMITS_INTERVAL_FACTOR = 20;
/** Time limits are reported when they ended this long ago, after the events that were recorded before their end. */
const LIMITS_DELAY_MS = 1_000;
/** Time between two renewals of the lease of an idle endpoint, in milliseconds. */
const RENEWAL_MS = 5_000;

/** A message, and the position of the event that it belongs to. */
interface Placed {
  message: WebhookMessage;
  position: number;
}

/** Delivers the messages of one endpoint, as long as this instance has the lease and no attempt fails. */
export class EndpointRun {
  private readonly logger = new Logger('Webhooks');
  private readonly rules: MessageRules;
  private readonly access: AgentAccess;
  private readonly progress: Progress;
  private savedAt = performance.now();
  private limitsDueAt = 0;

  constructor(
    private readonly endpoint: WebhookEndpointRecord,
    private readonly states: AgentStates,
    private readonly services: DeliveryServices,
    private readonly instance: string,
    private readonly signal: AbortSignal,
  ) {
    this.access = AgentAccess.ofStored(endpoint.agents);
    this.rules = {
      types: new Set(endpoint.types),
      score: { tests: endpoint.score_tests, drop: endpoint.score_drop },
      judge: (state, at) => services.custody.judge(state, at),
      since: endpoint.since,
    };
    this.progress = {
      position: Number(endpoint.position),
      deliveredAhead: endpoint.delivered_ahead,
      limitsCheckedUntil: endpoint.limits_checked_until,
      failures: endpoint.failures,
      retryAfterMs: null,
      lastError: endpoint.last_error,
      hasDelivered: false,
      disabledReason: null,
    };
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
    const onlyTests = this.endpoint.types.every((type) => type === 'test.failed');
    const request = { access: this.access, types: onlyTests ? TEST_EVENTS : undefined };
    try {
      return await feed.open({ ...request, after: this.progress.position }, { isCounted: false });
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'validation_failed')) throw error;
      this.logger.warn(
        `Endpoint ${this.endpoint.id} continues at the end of the feed, which ends before its position ` +
          `${this.progress.position}: the database has lost events.`,
      );
      return feed.open(request, { isCounted: false });
    }
  }

  /** Returns whether to continue. */
  private async deliverNext(reader: FeedReader): Promise<boolean> {
    const { events, position } = await reader.next(WAIT_MS);
    for (let index = 0; index < events.length; index += SLICE_EVENTS) {
      const slice = events.slice(index, index + SLICE_EVENTS);
      const end = index + SLICE_EVENTS >= events.length ? position : (slice.at(-1)?.position ?? position);
      if (!(await this.deliverEvents(slice, end))) return false;
    }
    if (events.length === 0) this.progress.position = position;
    if (events.length < SLICE_EVENTS && !(await this.deliverLapses())) return false;
    return performance.now() - this.savedAt < RENEWAL_MS || this.save([]);
  }

  private async deliverEvents(events: readonly FeedEvent[], end: number): Promise<boolean> {
    const placed = await this.buildMessages(events);
    if (placed.length === 0) {
      this.progress.position = end;
      return true;
    }
    let remaining = await this.withoutDelivered(placed);
    do {
      const outcomes = await this.send(remaining.map(({ message }) => message));
      const delivered = new Set(outcomes.filter(({ attempt }) => attempt.delivered).map(({ message }) => message.id));
      const rest = remaining.filter(({ message }) => !delivered.has(message.id));
      const ahead = new Set([...this.progress.deliveredAhead, ...delivered]);
      this.progress.position =
        rest.length === 0
          ? end
          : Math.max(this.progress.position, Math.min(...rest.map(({ position }) => position)) - 1);
      const after = this.progress.position;
      this.progress.deliveredAhead = placed.flatMap(({ message, position }) =>
        position > after && ahead.has(message.id) ? [message.id] : [],
      );
      remaining = rest;
      if (!(await this.save(outcomes))) return false;
    } while (remaining.length > 0 && !this.signal.aborted);
    return remaining.length === 0;
  }

  private async buildMessages(events: readonly FeedEvent[]): Promise<Placed[]> {
    const placed: Placed[] = [];
    const withStates = needsStates(this.rules.types);
    for (const event of events) {
      const step = withStates ? await this.states.step(event) : null;
      const { position } = event;
      placed.push(...buildMessages(event, step, this.rules).map((message) => ({ message, position })));
    }
    return placed;
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
    const startedAt = performance.now();
    if (!this.rules.types.has('eligibility.changed') || startedAt < this.limitsDueAt) return true;
    const from = this.progress.limitsCheckedUntil;
    const upTo = new Date(this.services.clock.now().getTime() - LIMITS_DELAY_MS);
    if (upTo <= from) return true;
    const { messages, checkedUntil } = await this.services.lapses.find(from, upTo, this.rules, this.access);
    const duration = performance.now() - startedAt;
    const delivered = await this.findDelivered(messages.map(({ id }) => id));
    const remaining = messages.filter(({ id }) => !delivered.has(id));
    const outcomes = await this.send(remaining);
    const isComplete = outcomes.filter(({ attempt }) => attempt.delivered).length === remaining.length;
    if (isComplete) this.progress.limitsCheckedUntil = checkedUntil;
    const isBehind = !isComplete || checkedUntil < upTo;
    this.limitsDueAt = isBehind ? 0 : startedAt + Math.max(LIMITS_INTERVAL_MS, duration * LIMITS_INTERVAL_FACTOR);
    return outcomes.length === 0 || this.save(outcomes);
  }

  private async findDelivered(ids: readonly string[]): Promise<Set<string>> {
    return this.services.transactions.read((session) => findDelivered(session, this.endpoint.id, ids));
  }

  private async send(messages: readonly WebhookMessage[]): Promise<Outcome[]> {
    const until = performance.now() + SLICE_MS;
    return deliverInOrder(
      messages,
      (message) => this.services.sender.send(this.endpoint, message),
      () => performance.now() < until && !this.signal.aborted,
    );
  }

  /** Saves the progress and the attempts. Returns whether to continue: no attempt failed, and the lease was renewed. */
  private async save(outcomes: readonly Outcome[]): Promise<boolean> {
    const failure = outcomes.find(({ attempt }) => !attempt.delivered);
    const { progress, endpoint, services } = this;
    if (failure) {
      progress.failures++;
      progress.lastError = failure.attempt.error;
      const { retryDelaysMs } = services.settings;
      const { retryAfterMs } = failure.attempt;
      progress.retryAfterMs = findRetryDelay(progress.failures, retryDelaysMs, retryAfterMs, Math.random());
      progress.disabledReason = findDisabledReason(outcomes, progress.retryAfterMs);
    } else if (outcomes.length > 0) {
      progress.failures = 0;
      progress.lastError = null;
    }
    progress.hasDelivered = outcomes.some(({ attempt }) => attempt.delivered);
    const isSaved = await services.transactions.run(async (session) => {
      const hasLease = await saveProgress(session, endpoint, this.instance, progress);
      if (hasLease) await logOutcomes(session, endpoint.id, outcomes);
      return hasLease;
    });
    this.savedAt = performance.now();
    if (isSaved && failure) this.report(progress);
    return isSaved && !failure;
  }

  /** The URL can contain a secret, and is not logged. */
  private report({ failures, lastError, disabledReason }: Progress): void {
    const endpoint = `Endpoint ${this.endpoint.id} at ${new URL(this.endpoint.url).origin}`;
    if (disabledReason) this.logger.error(`${endpoint} was disabled (${disabledReason}): ${lastError ?? ''}`);
    else if (failures === 1) this.logger.warn(`${endpoint} failed and will be retried: ${lastError ?? ''}`);
  }
}

const GONE = 410;

function findDisabledReason(outcomes: readonly Outcome[], retryAfterMs: number | null): DisabledReason | null {
  if (outcomes.some(({ attempt }) => attempt.status_code === GONE)) return 'gone';
  return retryAfterMs === null ? 'failing' : null;
}
