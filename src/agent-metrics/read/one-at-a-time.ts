import type { ServerResponse } from 'node:http';
import { tooManyLongResponses } from './errors.js';

/** Maximum number of waiting responses. */
const WAITING_MAX = 16;

/** Serializes long responses to limit memory use. */
export class OneAtATime {
  private busy = false;
  private readonly waiting: (() => void)[] = [];

  /**
   * Waits for the turn of the response. The turn ends when the response is sent or aborted.
   *
   * @throws DomainError `overloaded` if too many responses are waiting
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
