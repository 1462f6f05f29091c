import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { ContentError } from '../errors.js';
import { ExpansionGuard } from './expansion-guard.js';
import type { EvaluationFile } from './evaluation-file.js';

const CHUNK_BYTES = 256 * 1024;

/** The first bytes of the file. */
export async function readPrefix(file: EvaluationFile, length: number): Promise<Buffer> {
  const handle = await open(file.path);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export function isGzip(prefix: Buffer): boolean {
  return prefix[0] === 0x1f && prefix[1] === 0x8b;
}

/**
 * Reads the bytes of the file; gzip is decompressed.
 *
 * @param onRead called with the number of bytes of the file
 * @throws ContentError if it is damaged, or expands too much
 */
export async function* readContent(file: EvaluationFile, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const compressed = isGzip(await readPrefix(file, 2));
  const source = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  source.on('data', (chunk) => onRead?.(chunk.length));
  source.pause();
  if (!compressed) {
    yield* source as AsyncIterable<Buffer>;
    return;
  }
  const guard = new ExpansionGuard(file.size);
  // Errors of the source are also raised by the destination.
  const content = pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      guard.add(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new ContentError(`is damaged gzip: ${error.message}`, null, { cause: error });
  } finally {
    source.destroy();
  }
}

function isZlibError(error: unknown): error is Error {
  return isNativeError(error) && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}
