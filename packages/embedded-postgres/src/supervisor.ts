import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from './log.js';

/** What is watched. */
export interface Supervised {
  isRunning(): Promise<boolean>;
  /** @throws Error when it can't be started. */
  startAgain(): Promise<void>;
  /** For people, such as "PostgreSQL on /data". */
  name: string;
  /** The last that it logged. */
  lastWords(): Promise<string>;
}

const WATCH_MILLISECONDS = 500;

/** What each try to start the server again waits for first. */
const PAUSES_SECONDS = [0, 1, 2, 4, 8];

/** A server that ran this long before it ended gets all the tries. One that ends sooner goes on counting. */
const STABLE_MILLISECONDS = 60_000;

/**
 * Watches a server that was started and starts it again when it ends, whatever ended it. The postmaster is a child of
 * pg_ctl and not of this process, so its end is no event: it is looked for.
 */
export class Supervisor {
  private readonly ending = new AbortController();
  private readonly watching: Promise<void>;
  private tries = 0;
  private current: string | undefined;
  private giveUp: (reason: Error) => void = () => undefined;

  /** Resolves with the reason when the server has ended and can't be started again. */
  readonly lost = new Promise<Error>((resolve) => {
    this.giveUp = resolve;
  });

  constructor(
    private readonly server: Supervised,
    private readonly log: Log,
  ) {
    this.watching = this.watch().catch((error: unknown) => {
      if (!this.ending.signal.aborted) this.giveUp(error as Error);
    });
  }

  /** Why there is no server at the moment; undefined while it runs. */
  outage(): string | undefined {
    return this.current;
  }

  /** Ends the watch. A start that is under way is waited for. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    for (;;) {
      const startedAt = Date.now();
      while (await this.server.isRunning()) await this.pause(WATCH_MILLISECONDS);
      if (Date.now() - startedAt > STABLE_MILLISECONDS) this.tries = 0;
      this.log(`${this.server.name} has ended unexpectedly. ${await this.server.lastWords()}`, 'warn');
      await this.startAgain('It ended soon after each start.');
      this.current = undefined;
      this.log(`${this.server.name} runs again.`, 'warn');
    }
  }

  /** @param lastReason why there are no tries left, if so */
  private async startAgain(lastReason: string): Promise<void> {
    for (let reason = lastReason; ;) {
      const seconds = PAUSES_SECONDS[this.tries];
      if (seconds === undefined) {
        throw new Error(`${this.server.name} has ended, and can't be started again. ${reason}`);
      }
      this.tries += 1;
      this.current =
        `${this.server.name} has ended unexpectedly and is being started again ` +
        `(try ${this.tries} of ${PAUSES_SECONDS.length})`;
      await this.pause(seconds * 1000);
      try {
        await this.server.startAgain();
        return;
      } catch (error) {
        reason = (error as Error).message;
        this.log(`Try ${this.tries} of ${PAUSES_SECONDS.length}: ${reason}`, 'warn');
      }
    }
  }

  /** Ends early, by an error, when the watch is to end. Doesn't keep Node running. */
  private pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.ending.signal, ref: false });
  }
}
