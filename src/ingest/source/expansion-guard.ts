import { ContentError } from '../errors.js';

/** Limits of decompression. */
export const EXPANSION_LIMITS = {
  /** Bytes of content of a file. */
  total: 16 * 1024 ** 3,
  /** Bytes of content per compressed byte. Logs of tools compress 5 to 50 times. */
  ratio: 300,
  /** Content to which the ratio does not apply. */
  free: 16 * 1024 ** 2,
} as const;

/** Refuses content that expands like a decompression bomb. */
export class ExpansionGuard {
  private content = 0;

  /** @param compressed compressed bytes */
  constructor(
    private readonly compressed: number,
    private readonly limits: { total: number; ratio: number; free: number } = EXPANSION_LIMITS,
  ) {}

  /** @throws ContentError if the content exceeds a limit */
  add(bytes: number): void {
    this.content += bytes;
    const { total, ratio, free } = this.limits;
    if (this.content > total) throw new ContentError(`expands to more than ${total} bytes`);
    if (this.content > free && this.content > this.compressed * ratio) {
      throw new ContentError(`expands to more than ${ratio} times its size`);
    }
  }
}
