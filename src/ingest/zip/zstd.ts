import { Decompress } from 'fzstd';
import * as zlib from 'node:zlib';
import { pipeline, Readable, type Transform } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { ContentError } from '../errors.js';
import { ZstdFrames } from './zstd-frames.js';

/** Zstandard of Node 22.15 and later. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };

/**
 * Decompresses Zstandard, with zlib if it has it.
 *
 * @throws ContentError if the data is damaged or needs too much memory
 */
export async function* decompressZstd(
  compressed: AsyncIterable<Buffer>,
  native = createZstdDecompress,
): AsyncGenerator<Buffer> {
  try {
    yield* native ? pump(checked(compressed), native()) : decompressInScript(checked(compressed));
  } catch (error) {
    if (error instanceof ContentError || !isDecoderError(error)) throw error;
    throw new ContentError(`has a damaged Zstandard entry: ${error.message}`, null, { cause: error });
  }
}

async function* checked(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  for await (const chunk of compressed) {
    frames.push(chunk);
    yield chunk;
  }
}

async function* pump(compressed: AsyncIterable<Buffer>, decoder: Transform): AsyncGenerator<Buffer> {
  yield* pipeline(Readable.from(compressed), decoder, () => undefined) as AsyncIterable<Buffer>;
}

async function* decompressInScript(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const blocks: Buffer[] = [];
  const decoder = new Decompress((block) => {
    // The decoder reuses the memory of a block.
    if (block.length > 0) blocks.push(Buffer.from(block));
  });
  for await (const chunk of compressed) {
    decoder.push(chunk);
    yield* blocks.splice(0);
  }
  decoder.push(new Uint8Array(0), true);
  yield* blocks.splice(0);
}

/** fzstd throws errors with a number as code, and RangeError and TypeError for some damaged data. */
function isDecoderError(error: unknown): error is Error {
  if (!isNativeError(error)) return false;
  const { code } = error as { code?: unknown };
  return (
    typeof code === 'number' || String(code).startsWith('ZSTD') || String(code).startsWith('Z_') || code === undefined
  );
}
