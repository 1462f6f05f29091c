import { isUtf8 } from 'node:buffer';
import { DomainError, getErrorMessage, parseJson } from '../../common/index.js';

/** Maximum length of a line in bytes. Equal to the limit of a request body. */
export const LINE_MAX_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** A parsed line, or the reason why it is invalid. */
export type ParsedLine = { value: unknown } | { error: DomainError };

/**
 * Parses newline-delimited JSON. Each list has the lines that have arrived meanwhile, at most `most`. Empty lines are
 * skipped. Memory use is bounded: by the longest line, and by the back-pressure of the stream.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<ParsedLine[]> {
  const lines = new LineSplitter();
  let parsed: ParsedLine[] = [];
  for await (const chunk of stream) {
    for (const line of lines.add(chunk)) {
      parsed.push(line);
      if (parsed.length >= most) {
        yield parsed;
        parsed = [];
      }
    }
    if (parsed.length > 0) yield parsed;
    parsed = [];
  }
  const last = [...lines.end()];
  if (last.length > 0) yield last;
}

/** Splits bytes into lines. The rest of a line that is too long is discarded. */
class LineSplitter {
  private parts: Uint8Array[] = [];
  private length = 0;

  *add(chunk: Uint8Array): Generator<ParsedLine> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.append(chunk.subarray(start, end === -1 ? chunk.length : end));
      if (end === -1) return;
      yield* this.end();
      start = end + 1;
    }
  }

  /** The line so far; nothing if it is empty. */
  *end(): Generator<ParsedLine> {
    const bytes = Buffer.concat(this.parts);
    const { length } = this;
    this.parts = [];
    this.length = 0;
    if (length > LINE_MAX_BYTES) yield { error: tooLong(length) };
    else if (!isBlank(bytes)) yield parseLine(bytes);
  }

  private append(part: Uint8Array): void {
    this.length += part.length;
    if (this.length > LINE_MAX_BYTES) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }
}

function parseLine(bytes: Buffer): ParsedLine {
  if (!isUtf8(bytes)) return { error: new DomainError('malformed_request', 'The line is not UTF-8.') };
  try {
    return { value: parseJson(bytes.toString('utf8').replace(/^\uFEFF/, '')) };
  } catch (cause) {
    const message = `The line is not valid JSON: ${getErrorMessage(cause)}.`;
    return { error: new DomainError('malformed_request', message, { cause }) };
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function tooLong(length: number): DomainError {
  return new DomainError('payload_too_large', `The line has ${length} bytes; the maximum is ${LINE_MAX_BYTES}.`);
}
