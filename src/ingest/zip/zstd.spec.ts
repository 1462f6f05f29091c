import { describe, expect, it } from '@jest/globals';
import { writeZstd } from '../../../test/support/ingest/zip.js';
import { decompressZstd } from './zstd.js';
import { ZstdFrames } from './zstd-frames.js';

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += length)
    yield await Promise.resolve(bytes.subarray(from, from + length));
}

async function decompress(bytes: Buffer, length = 1000): Promise<Buffer> {
  const parts: Buffer[] = [];
  // Without zlib, which has Zstandard only in newer releases of Node.
  for await (const part of decompressZstd(pieces(bytes, length), undefined)) parts.push(part);
  return Buffer.concat(parts);
}

/** `hello hello …`, 60 times and a line feed, compressed by zstd with a checksum. */
const COMPRESSED = Buffer.from('KLUv/QRYdQAAOGhlbGxvIAoBAF9RSxFoYGtY', 'base64');

describe('decompressZstd', () => {
  it.each([1, 7, 1000])('reads compressed blocks, in pieces of %d', async (length) => {
    const bytes = await decompress(COMPRESSED, length);
    expect(bytes.toString()).toMatch(/^(hello )+\n$/);
  });

  it('reads several frames, and frames to skip', async () => {
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const bytes = Buffer.concat([writeZstd(Buffer.from('a'.repeat(250_000))), skipped, writeZstd(Buffer.from('b'))]);
    expect((await decompress(bytes, 64 * 1024)).toString()).toBe(`${'a'.repeat(250_000)}b`);
  });

  it.each([
    ['that is cut', COMPRESSED.subarray(0, 20), /damaged/],
    ['that is damaged', Buffer.concat([COMPRESSED.subarray(0, 12), Buffer.alloc(9, 0xaa)]), /damaged|Zstandard/],
    ['with a large window', writeZstd(Buffer.from('a'), 24), /window/],
    ['with a dictionary', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0x50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]), /dictionary/],
    ['that is something else', Buffer.from('hello world, hello world'), /not Zstandard/],
  ])('refuses data %s', async (_, bytes, message) => {
    await expect(decompress(bytes)).rejects.toThrow(message);
  });

  it('refuses many tiny blocks', () => {
    const frames = new ZstdFrames();
    frames.push(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 80, 2, 0, 0, 0xff]));
    const block = Buffer.from([0x02 | (1 << 3), 0, 0, 0x41]);
    expect(() => {
      frames.push(Buffer.concat(Array.from({ length: 20_000 }, () => block)));
    }).toThrow(/too many blocks/);
  });
});
