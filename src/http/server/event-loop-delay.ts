import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is asked to be on time. */
const RESOLUTION_MS = 20;
/** What is told is the mean of so long: a single pause for collecting garbage isn't a service that is behind. */
const WINDOW_MS = 1_000;
const NANOSECONDS = 1e6;

/** How late the event loop is: for how long a request that has come waits until anything is done about it. */
export class EventLoopDelay {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly timer: NodeJS.Timeout;
  private mean = 0;

  constructor() {
    this.histogram.enable();
    this.timer = setInterval(() => {
      // Nothing was measured where the loop turned only once.
      if (this.histogram.count > 0) this.mean = Math.max(0, this.histogram.mean / NANOSECONDS - RESOLUTION_MS);
      this.histogram.reset();
    }, WINDOW_MS).unref();
  }

  /** Mean of the last second, in milliseconds. */
  get ms(): number {
    return this.mean;
  }

  stop(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }
}
