import type { WriteStream } from 'node:tty';

const WIDTH = 30;
const EVERY_MS = 100;

/** One line on a terminal that is written over and over; nothing elsewhere. */
export class ProgressBar {
  private shownAt = 0;

  constructor(private readonly stream: WriteStream) {}

  show(done: number, total: number, words: string): void {
    const now = Date.now();
    if (!this.stream.isTTY || now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    const filled = total === 0 ? WIDTH : Math.round((WIDTH * Math.min(done, total)) / total);
    const line = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${words}`;
    this.stream.cursorTo(0);
    this.stream.write(line.slice(0, this.stream.columns - 1));
    this.stream.clearLine(1);
  }

  clear(): void {
    if (this.shownAt === 0) return;
    this.shownAt = 0;
    this.stream.cursorTo(0);
    this.stream.clearLine(0);
  }
}
