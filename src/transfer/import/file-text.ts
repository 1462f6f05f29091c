import { TextDecoder } from 'node:util';

/** Thrown when a file can't be read on: what comes behind can't be told apart any more. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** The byte order mark of what spreadsheets call Unicode text. */
const UTF_16 = Buffer.from([0xff, 0xfe]);

/**
 * Bytes as text, without a byte order mark: UTF-8, or UTF-16 where that mark says so.
 *
 * @throws UnreadableFileError on what is neither, instead of replacing it
 */
export async function* fileText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let kept = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      kept = Buffer.concat([kept, chunk]);
      if (!decoder && kept.length < UTF_16.length) continue;
      decoder ??= decoderOf(kept);
      const text = decoder.decode(kept, { stream: true });
      kept = Buffer.alloc(0);
      if (text !== '') yield text;
    }
    const rest = (decoder ?? decoderOf(kept)).decode(kept);
    if (rest !== '') yield rest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new UnreadableFileError('The file is not UTF-8.', { cause: error });
  }
}

function decoderOf(beginning: Buffer): TextDecoder {
  const isUtf16 = beginning.subarray(0, UTF_16.length).equals(UTF_16);
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
}
