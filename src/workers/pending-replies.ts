interface Pending {
  resolve: (value: unknown) => void;
  reject: (reason: Error) => void;
  timer: NodeJS.Timeout;
}

/** Maximum number of messages without a reply: a process that hangs must not fill the memory of the other one. */
const PENDING_MAX = 10_000;

/** Replies that are expected over a message channel, each within a time limit. */
export class PendingReplies {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  /**
   * Sends a message and waits for the reply to it.
   *
   * @throws Error if there is no reply within the limit, or too many replies are pending
   */
  expect(limitMs: number, send: (id: number) => void): Promise<unknown> {
    if (this.pending.size >= PENDING_MAX) return Promise.reject(new Error('too many messages have no reply yet'));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail(id, `no reply within ${limitMs / 1_000} s`);
      }, limitMs);
      this.pending.set(id, { resolve, reject, timer });
      send(id);
    });
  }

  settle(id: number, value: unknown): void {
    this.take(id)?.resolve(value);
  }

  fail(id: number, reason: string): void {
    this.take(id)?.reject(new Error(reason));
  }

  private take(id: number): Pending | undefined {
    const found = this.pending.get(id);
    clearTimeout(found?.timer);
    this.pending.delete(id);
    return found;
  }
}
