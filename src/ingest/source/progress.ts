/** Bytes read of a file, over all passes. */
export class ReadProgress {
  private read = 0;

  constructor(
    private readonly total: number,
    private readonly onProgress: ((read: number, total: number) => void) | undefined,
  ) {}

  readonly add = (bytes: number): void => {
    this.read += bytes;
    this.onProgress?.(Math.min(this.read, this.total), this.total);
  };
}
