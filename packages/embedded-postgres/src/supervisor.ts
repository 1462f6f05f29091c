import { setTimeout as sleep } from 'node:timers/promises';

import type { Log } from './log.js';

/** A server under supervision. */
export interface Supervised {
  isRunning(): Promise<boolean>;
  /** @throws Error if it cannot be started */
  restart(): Promise<void>;
  /** For messages, such as "PostgreSQL on /data". */
  name: string;
  /** The end of its log. */
  logTail(): Promise<string>;
}

const POLL_MILLISECONDS = 500;

/** Pause before each restart. */
const PAUSES_SECONDS = [0, 1, 2, 4, 8];

/** A server that ran for this time before it ended gets all attempts again. */
const STABLE_MILLISECONDS = 60_000;

/**
 * Restarts a server when it ends. Polls, because the postmaster is not a child of this process and its end causes no event.
 */
export class Supervisor {
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private attempts = 0;
  private current: string | undefined;
  private giveUp: (reason: Error) => void = () => undefined;

  /** Resolves with the reason when the server has ended and cannot be restarted. */
  readonly lost = new Promise<Error>((resolve) => {
    this.giveUp = resolve;
  });

  constructor(
    private readonly server: Supervised,
    private readonly log: Log,
  ) {
    this.watching = this.watch().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.giveUp(error as Error);
    });
  }

  /** Reason while the server is down; undefined while it runs. */
  outage(): string | undefined {
    return this.current;
  }

  /** Ends the supervision. Waits for a restart in progress. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(): Promise<void> {
    for (;;) {
      const startedAt = Date.now();
      while (await this.server.isRunning()) await this.pause(POLL_MILLISECONDS);
      if (Date.now() - startedAt > STABLE_MILLISECONDS) this.attempts = 0;
      this.log(`${this.server.name} ended unexpectedly. ${await this.server.logTail()}`, 'warn');
      await this.restart('It ended soon after each start.');
      this.current = undefined;
      this.log(`${this.server.name} is running again.`, 'warn');
    }
  }

  /** @param lastReason reason if no attempts are left */
  private async restart(lastReason: string): Promise<void> {
    for (let reason = lastReason; ;) {
      const seconds = PAUSES_SECONDS[this.attempts];
      if (seconds === undefined) {
        throw new Error(`${this.server.name} ended and cannot be restarted. ${reason}`);
      }
      this.attempts += 1;
      this.current =
        `${this.server.name} ended unexpectedly and is being restarted ` +
        `(attempt ${this.attempts} of ${PAUSES_SECONDS.length})`;
      await this.pause(seconds * 1000);
      try {
        await this.server.restart();
        return;
      } catch (error) {
        reason = (error as Error).message;
        this.log(`Restart attempt ${this.attempts} of ${PAUSES_SECONDS.length} failed: ${reason}`, 'warn');
      }
    }
  }

  /** Rejects when the supervision ends. Does not keep Node running. */
  private pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.stopping.signal, ref: false });
  }
}
