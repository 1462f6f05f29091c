import type { RateLimit } from '../config/index.js';
import type { RequestCount } from './messages.js';

/** Maximum number of counted callers, as without workers. A new one replaces the least recently seen one. */
const CALLERS_MAX = 20_000;

/** Counts the requests of each caller to all workers, in time windows that begin with a caller's first request. */
export class RequestCounts {
  private readonly windowMs: number;
  /** The least recently seen caller first. */
  private readonly callers = new Map<string, { count: number; startedAt: number }>();

  constructor({ seconds }: RateLimit) {
    this.windowMs = seconds * 1_000;
  }

  /** Counts a request. */
  add(caller: string, now = Date.now()): RequestCount {
    const known = this.callers.get(caller);
    this.callers.delete(caller);
    const window = known && known.startedAt + this.windowMs > now ? known : { count: 0, startedAt: now };
    window.count += 1;
    this.callers.set(caller, window);
    this.forgetOldest();
    return { current: window.count, ttl: window.startedAt + this.windowMs - now };
  }

  private forgetOldest(): void {
    if (this.callers.size <= CALLERS_MAX) return;
    const [oldest] = this.callers.keys();
    if (oldest !== undefined) this.callers.delete(oldest);
  }
}
