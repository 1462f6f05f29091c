import { ContentError } from '../errors.js';

/** Maximum window of a frame in bytes: what the format recommends that decoders support. Tools use 2 to 4 MB. */
export const ZSTD_WINDOW_MAX = 8 * 1024 * 1024;
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const HEADER_MAX = 18;
const BLOCK_HEADER = 3;
/** Blocks that may be tiny, and bytes that a block has on average beyond them. */
const FREE_BLOCKS = 10_000;
const BLOCK_BYTES = 64;

/**
 * Follows the frames of Zstandard data, without decompressing them, and refuses frames that would need too much memory or
 * time: with a large window, or of many tiny blocks.
 */
export class ZstdFrames {
  private state: 'frame' | 'block' = 'frame';
  private rest: Buffer = Buffer.alloc(0);
  /** Bytes to pass over before the next header. */
  private passOver = 0;
  private hasChecksum = false;
  private blocks = 0;
  private bytes = 0;

  /** @throws ContentError */
  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (;;) {
      const passed = Math.min(this.passOver, data.length);
      this.passOver -= passed;
      data = data.subarray(passed);
      const length = this.passOver > 0 ? 0 : this.readHeader(data);
      if (length === 0) break;
      data = data.subarray(length);
    }
    this.rest = Buffer.from(data);
  }

  /** Length of the header at the beginning; 0 if more data is needed. */
  private readHeader(data: Buffer): number {
    if (this.state === 'block') return data.length < BLOCK_HEADER ? 0 : this.readBlock(data);
    if (data.length < 8) return 0;
    const magic = data.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      this.passOver = data.readUInt32LE(4);
      return 8;
    }
    if (magic !== MAGIC) throw new ContentError('has an entry that is not Zstandard');
    return this.readFrame(data);
  }

  private readFrame(data: Buffer): number {
    const descriptor = data[4] ?? 0;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const length = 5 + (isSingleSegment ? 0 : 1) + dictionary + sizeBytes;
    if (data.length < Math.min(length, HEADER_MAX)) return 0;
    if (dictionary > 0) throw new ContentError('has a Zstandard entry with a dictionary, which is not supported');
    const window = isSingleSegment ? readSize(data, 5, sizeBytes) : readWindow(data[5] ?? 0);
    if (window > ZSTD_WINDOW_MAX) {
      throw new ContentError(`has a Zstandard entry with a window of more than ${ZSTD_WINDOW_MAX} bytes`);
    }
    this.hasChecksum = (descriptor & 4) !== 0;
    this.state = 'block';
    return length;
  }

  private readBlock(data: Buffer): number {
    const header = data.readUIntLE(0, BLOCK_HEADER);
    const isLast = (header & 1) === 1;
    const isRle = ((header >> 1) & 3) === 1;
    this.passOver = (isRle ? 1 : header >> 3) + (isLast && this.hasChecksum ? 4 : 0);
    this.blocks += 1;
    if (this.blocks > FREE_BLOCKS + this.bytes / BLOCK_BYTES) {
      throw new ContentError('has a Zstandard entry of too many blocks');
    }
    if (isLast) this.state = 'frame';
    return BLOCK_HEADER;
  }
}

function readSize(data: Buffer, offset: number, bytes: number): number {
  if (bytes === 8) return Number(data.readBigUInt64LE(offset));
  return data.readUIntLE(offset, bytes) + (bytes === 2 ? 256 : 0);
}

function readWindow(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
