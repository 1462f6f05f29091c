import { TextDecoder } from 'node:util';

/** The file cannot be read to its end. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** Byte order mark of UTF-16, which spreadsheets call Unicode text. */
const UTF_16 = Buffer.from([0xff, 0xfe]);

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark. The mark is removed.
 *
 * @throws UnreadableFileError if the encoding is invalid
 */
export async function* decodeFile(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let kept = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      kept = Buffer.concat([kept, chunk]);
      if (!decoder && kept.length < UTF_16.length) continue;
      decoder ??= createDecoder(kept);
      const text = decoder.decode(kept, { stream: true });
      kept = Buffer.alloc(0);
      if (text !== '') yield text;
    }
    const rest = (decoder ?? createDecoder(kept)).decode(kept);
    if (rest !== '') yield rest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new UnreadableFileError('The file is not UTF-8.', { cause: error });
  }
}

function createDecoder(beginning: Buffer): TextDecoder {
  const isUtf16 = beginning.subarray(0, UTF_16.length).equals(UTF_16);
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
}
