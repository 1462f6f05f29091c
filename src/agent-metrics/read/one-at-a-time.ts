import type { ServerResponse } from 'node:http';
import { tooManyLongResponses } from './errors.js';

/** Answers that may wait for their turn. */
const WAITING_MAX = 16;

/** A line in which one answer at a time is made and sent, for answers of which several at once would need too much memory. */
export class OneAtATime {
  private busy = false;
  private readonly waiting: (() => void)[] = [];

  /**
   * Waits for the turn, which ends when the response was sent or given up.
   *
   * @throws DomainError `overloaded` when too many wait
   */
  async enter(response: ServerResponse): Promise<void> {
    if (this.waiting.length >= WAITING_MAX) throw tooManyLongResponses();
    if (this.busy) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.busy = true;
    if (response.destroyed || response.writableFinished) {
      this.leave();
      return;
    }
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      this.leave();
    };
    response.once('finish', leave).once('close', leave);
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.busy = false;
  }
}
