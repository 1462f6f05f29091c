import type { EvaluationCase } from './evaluation-case.js';
import { BATCH_MAX, BATCH_MAX_BYTES, type BatchItem } from './result-recorder.js';

/** Items of a batch, with the cases that they come from. */
export class Batch {
  readonly items: BatchItem[] = [];
  readonly sources: EvaluationCase[] = [];
  /** Size as a JSON array. */
  private bytes = '[]'.length;

  /** Whether the limits permit a further item. An empty batch has room for any item. */
  hasRoomFor(item: BatchItem): boolean {
    if (this.items.length === 0) return true;
    return this.items.length < BATCH_MAX && this.bytes + sizeOf(item) <= BATCH_MAX_BYTES;
  }

  add(item: BatchItem, source: EvaluationCase): void {
    this.bytes += sizeOf(item);
    this.items.push(item);
    this.sources.push(source);
  }
}

/** Bytes of an item and the comma after it. */
function sizeOf(item: BatchItem): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}
