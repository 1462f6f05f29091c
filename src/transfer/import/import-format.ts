import { isTrailer } from '../export-trailer.js';
import type { ImportFormat } from '../formats.js';

/** How much of a file tells what it is. */
const BEGINNING_LENGTH = 4_096;

/** A document begins with an agent's object, with what the old backend's answers begin with, or is empty. */
const JSON_DOCUMENT = /^\{\s*("(\\.|[^"\\])*"\s*:\s*\{|"status"\s*:\s*"\w*"\s*,\s*"data"|\})/;

/** The format of a file that begins like this. */
export function formatOf(beginning: string): ImportFormat {
  const start = beginning.trimStart();
  // An export of nothing.
  if (isTrailer(start)) return 'ndjson';
  if (start.startsWith('[') || JSON_DOCUMENT.test(start)) return 'json';
  return start.startsWith('{') ? 'ndjson' : 'csv';
}

/** The beginning of a text, and all of it. */
export async function withBeginning(
  text: AsyncGenerator<string>,
): Promise<{ beginning: string; text: AsyncGenerator<string> }> {
  const parts: string[] = [];
  let length = 0;
  while (length < BEGINNING_LENGTH) {
    const next = await text.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return { beginning: parts.join(''), text: continued(parts, text) };
}

async function* continued(parts: readonly string[], rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield* parts;
  yield* rest;
}
