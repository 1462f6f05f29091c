import { isTrailer } from '../export-trailer.js';
import { startsWithTombstone } from '../tombstone-line.js';
import type { ImportFormat } from '../formats.js';

/** Number of characters used to detect the format. */
const BEGINNING_LENGTH = 4_096;

/** A document starts with an agent's object or with the envelope of the old backend, or is empty. */
const JSON_DOCUMENT = /^\{\s*("(\\.|[^"\\])*"\s*:\s*\{|"status"\s*:\s*"\w*"\s*,\s*"data"|\})/;

/** Detects the format of a file from its start. */
export function detectFormat(beginning: string): ImportFormat {
  const start = beginning.trimStart();
  // An export without agents or events.
  if (isTrailer(start) || startsWithTombstone(start)) return 'ndjson';
  if (start.startsWith('[') || JSON_DOCUMENT.test(start)) return 'json';
  return start.startsWith('{') ? 'ndjson' : 'csv';
}

/** Returns the start of a text, and the whole text. */
export async function peek(text: AsyncGenerator<string>): Promise<{ beginning: string; text: AsyncGenerator<string> }> {
  const parts: string[] = [];
  let length = 0;
  while (length < BEGINNING_LENGTH) {
    const next = await text.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return { beginning: parts.join(''), text: prepend(parts, text) };
}

async function* prepend(parts: readonly string[], rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* parts;
  yield* rest;
}
