import { createHash } from 'node:crypto';

export type IdPart = string | number | null | readonly IdPart[];

/**
 * Idempotency key of a case: the format and a hash of what identifies the case in it.
 *
 * @returns at most 60 printable ASCII characters
 */
export function caseId(format: string, parts: readonly IdPart[]): string {
  return `${format}:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
}

const INITIAL_SLOTS = 1024;
const WORDS = 4;

/**
 * Counts how often each identity occurs. Needs about 40 bytes per identity, outside of the heap of JavaScript: a file can have
 * millions of cases.
 */
export class IdentityCounter {
  private keys = new Uint32Array(INITIAL_SLOTS * WORDS);
  private counts = new Uint32Array(INITIAL_SLOTS);
  private size = 0;

  /** Returns how often the identity has been added before. */
  add(parts: readonly IdPart[]): number {
    if (this.size * 2 >= this.counts.length) this.grow();
    const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
    const key = Array.from({ length: WORDS }, (_, word) => digest.readUInt32LE(word * 4));
    const slot = this.find(key);
    const before = this.counts[slot] ?? 0;
    if (before === 0) {
      this.keys.set(key, slot * WORDS);
      this.size += 1;
    }
    this.counts[slot] = before + 1;
    return before;
  }

  /** The slot of the key, or the free slot for it. */
  private find(key: ArrayLike<number>): number {
    const slots = this.counts.length;
    for (let slot = (key[0] ?? 0) % slots; ; slot = (slot + 1) % slots) {
      if (this.counts[slot] === 0 || this.isAt(slot, key)) return slot;
    }
  }

  private isAt(slot: number, key: ArrayLike<number>): boolean {
    for (let word = 0; word < WORDS; word++) if (this.keys[slot * WORDS + word] !== key[word]) return false;
    return true;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Uint32Array(keys.length * 2);
    this.counts = new Uint32Array(counts.length * 2);
    for (const [slot, count] of counts.entries()) {
      if (count === 0) continue;
      const key = keys.subarray(slot * WORDS, (slot + 1) * WORDS);
      const target = this.find(key);
      this.keys.set(key, target * WORDS);
      this.counts[target] = count;
    }
  }
}
