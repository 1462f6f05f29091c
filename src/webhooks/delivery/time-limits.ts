import type { AgentAccess } from '../../common/index.js';
import type { LapsingRequest } from '../../custody/index.js';
import type { AgentStates } from '../messages/agent-states.js';
import type { MessageRules } from '../messages/build-messages.js';
import type { LapsePage } from '../messages/lapses.js';
import type { WebhookMessage } from '../messages/message.js';
import type { DeliveryServices } from './delivery-services.js';

/** Time between two looks at the time limits, in milliseconds, and as a multiple of the time that the queries take. */
const INTERVAL_MS = 2_000;
const INTERVAL_FACTOR = 20;
/** Time limits are reported when they ended this long ago, after the events that were recorded before their end. */
const DELAY_MS = 1_000;
/** Each look includes those that ended up to this long before the last one: events can be committed late. */
const OVERLAP_MS = 60_000;
/** Maximum number of known agents. Others are read again, and are found in the delivery log. */
const KNOWN_MAX = 20_000;
/** Time to wait for events, in milliseconds: of an idle endpoint, and before a page whose agents have further events. */
const WAIT_MS = 2_000;
const HELD_WAIT_MS = 50;

/** A look at the time limits: pages of agents, in the order of the ends. */
interface Look extends Pick<LapsingRequest, 'from' | 'to' | 'after'> {
  queryMs: number;
}

/** The time limits that end with nothing recorded, for one endpoint. */
export class TimeLimits {
  private look: Look | null = null;
  /** A page, and the position up to which the events must have been delivered before. */
  private page: (LapsePage & { end: number }) | null = null;
  /** Hashes of the agents that were found, by the time of their end. */
  private readonly known = new Map<string, number>();
  private dueAt = 0;
  private hasLooked = false;

  constructor(
    private readonly rules: MessageRules,
    private readonly access: AgentAccess,
    private readonly states: AgentStates,
    private readonly services: DeliveryServices,
    private readonly findDelivered: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
  ) {}

  /** Whether all time limits that have ended were reported, except new ones. */
  get isComplete(): boolean {
    return !this.look && (this.hasLooked || !this.rules.types.has('eligibility.changed'));
  }

  /** Time for which the next page need not be asked for, in milliseconds. */
  get waitMs(): number {
    if (this.page) return HELD_WAIT_MS;
    if (this.look) return 0;
    const dueMs = this.rules.types.has('eligibility.changed') ? this.dueAt - performance.now() : WAIT_MS;
    return Math.max(0, Math.min(WAIT_MS, dueMs));
  }

  /**
   * Messages of the next page. Null: no page is due, or events that precede them have not been delivered.
   *
   * @param position position up to which the events have been delivered
   * @param checkedUntil result of the last look
   */
  async next(position: number, checkedUntil: Date): Promise<WebhookMessage[] | null> {
    if (!this.page && !this.begin(checkedUntil)) return null;
    this.page ??= await this.read();
    return this.page && position >= this.page.end ? this.page.messages : null;
  }

  /** The messages of the page were delivered. Returns the time until which all time limits were reported, after the last page. */
  complete(): Date | null {
    const { page, look } = this;
    if (!page || !look) return null;
    for (const { hash, end } of page.agents) if (this.known.size < KNOWN_MAX) this.known.set(hash, end.getTime());
    this.page = null;
    look.after = page.next;
    if (page.next) return null;
    this.look = null;
    this.hasLooked = true;
    this.dueAt = performance.now() + Math.max(INTERVAL_MS, look.queryMs * INTERVAL_FACTOR);
    return look.to;
  }

  /** Returns whether there is a look. */
  private begin(checkedUntil: Date): boolean {
    if (this.look) return true;
    const now = performance.now();
    if (now < this.dueAt) return false;
    const to = this.latest();
    if (to <= checkedUntil) {
      this.dueAt = now + INTERVAL_MS;
      return false;
    }
    const from = new Date(checkedUntil.getTime() - OVERLAP_MS);
    // An end before the interval is not found again. The query begins a millisecond earlier.
    for (const [hash, end] of this.known) if (end < from.getTime() - 1) this.known.delete(hash);
    this.look = { from, to, after: null, queryMs: 0 };
    return true;
  }

  /** The end of the next look. */
  latest(): Date {
    return new Date(this.services.clock.now().getTime() - DELAY_MS);
  }

  private async read(): Promise<(LapsePage & { end: number }) | null> {
    if (!this.look) return null;
    const { lapses, feed } = this.services;
    const page = await lapses.find(this.look, this.rules, this.access, this.states, this.known, this.findDelivered);
    this.look.queryMs += page.queryMs;
    // The events of the states are committed, so that they are before this end.
    return { ...page, end: page.messages.length > 0 ? await feed.findEnd() : 0 };
  }
}
