import { TextDecoder } from 'node:util';
import { ContentError } from '../errors.js';

/** Bytes from which the encoding is detected: XML declarations are short. */
const PREFIX_BYTES = 256;
const XML_ENCODING = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/;

/**
 * Decodes text: UTF-8, UTF-16 with or without a byte order mark, or the encoding that an XML declaration names. The mark is
 * removed.
 *
 * @throws ContentError if the encoding is unknown or the bytes are invalid
 */
export async function* decodeText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    if (decoder === null && kept.length < PREFIX_BYTES) continue;
    decoder ??= createDecoder(kept);
    yield* decode(decoder, kept, true);
    kept = Buffer.alloc(0);
  }
  yield* decode(decoder ?? createDecoder(kept), kept, false);
}

/** Yields the text before invalid bytes, so that the reader knows their position. */
function* decode(decoder: TextDecoder, bytes: Buffer, stream: boolean): Generator<string> {
  let text: string;
  try {
    text = decoder.decode(bytes, { stream });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const replaced = new TextDecoder(decoder.encoding).decode(bytes);
    yield replaced.slice(0, Math.max(0, replaced.indexOf('\uFFFD')));
    throw new ContentError(`contains bytes that are not ${decoder.encoding}`, null, { cause: error });
  }
  if (text !== '') yield text;
}

function createDecoder(beginning: Buffer): TextDecoder {
  const label = detectEncoding(beginning);
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (cause) {
    throw new ContentError(`has the unknown encoding ${label}`, null, { cause });
  }
}

/** Label of the encoding. */
export function detectEncoding(beginning: Buffer): string {
  const [first, second, third] = beginning;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (second === 0 && first !== undefined && first !== 0) return 'utf-16le';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  const declared = XML_ENCODING.exec(beginning.subarray(0, PREFIX_BYTES).toString('latin1'))?.[1]?.toLowerCase();
  // A declaration that is read as ASCII cannot be UTF-16.
  return declared === undefined || declared.startsWith('utf-16') ? 'utf-8' : declared;
}
