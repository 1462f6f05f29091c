/** A worker that listened for this time is replaced immediately when it ends. */
const STABLE_MS = 60_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** Delays before the replacements of one worker: none, then 1 s, doubling up to 30 s while they keep ending early. */
export class RestartDelay {
  private earlyEnds = 0;

  /** @param listenedMs time for which the worker that ended had listened */
  next(listenedMs: number): number {
    if (listenedMs >= STABLE_MS) this.earlyEnds = 0;
    const delay = this.earlyEnds === 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (this.earlyEnds - 1), LONGEST_DELAY_MS);
    this.earlyEnds += 1;
    return delay;
  }
}
