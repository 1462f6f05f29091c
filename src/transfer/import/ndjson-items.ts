import { type ExportTrailer, isTrailer, LineSum } from '../export-trailer.js';
import { isObject, type Item, LINE_LENGTH_MAX, type ReadOptions } from './items.js';
import { jsonProblem, parseFileJson } from './file-json.js';
import { UnreadableFileError } from './file-text.js';

const NO_TRAILER =
  'The file has no last line that says what stands above it, as `export` writes it: it was cut, or made by an earlier ' +
  'release or by hand. --allow-partial imports what is there.';

/**
 * An object a line; lines without any are passed over. Exports may stand one after the other: each ends with its trailer.
 *
 * @throws UnreadableFileError when lines are missing or others than those that were exported, unless that is allowed
 */
export async function* ndjsonItems(
  text: AsyncIterable<string>,
  { allowPartial = false }: ReadOptions = {},
): AsyncGenerator<Item> {
  let number = 0;
  let sum = new LineSum();
  let isWhole = false;
  for await (const line of lines(text)) {
    number += 1;
    if (line.trim() === '') continue;
    isWhole = isTrailer(line);
    if (isWhole) {
      if (!allowPartial) assertWhole(line, sum, number);
      sum = new LineSum();
    } else {
      // A line feed that became CR LF on the way changes nothing.
      sum.add(`${line.replace(/\r$/, '')}\n`, 1);
      yield itemOf(line, `line ${number}`);
    }
  }
  if (!isWhole && !allowPartial) throw new UnreadableFileError(NO_TRAILER);
}

function assertWhole(line: string, sum: LineSum, number: number): void {
  let trailer: Partial<ExportTrailer>;
  try {
    trailer = (parseFileJson(line) as { export: ExportTrailer }).export;
  } catch (cause) {
    throw new UnreadableFileError(NO_TRAILER, { cause });
  }
  const { lines: count, sha256 } = sum.total();
  if (trailer.lines === count && trailer.sha256 === sha256) return;
  const fault =
    trailer.lines === count
      ? 'lines above it were changed since they were exported'
      : `${String(trailer.lines)} lines were exported, and ${count} are there`;
  throw new UnreadableFileError(
    `The file isn't whole. Line ${number}: ${fault}. --allow-partial imports what is there.`,
  );
}

function itemOf(line: string, place: string): Item {
  try {
    const value = parseFileJson(line);
    return isObject(value) ? { place, value, length: line.length } : { place, problem: 'must be a JSON object' };
  } catch (error) {
    return { place, problem: jsonProblem(error) };
  }
}

/** Cut at line feeds only: JSON may hold what else Unicode, and so node:readline, takes for the end of a line. */
async function* lines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of text) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      yield parts.join('') + chunk.slice(from, end);
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > LINE_LENGTH_MAX) throw new UnreadableFileError(`A line is longer than ${LINE_LENGTH_MAX} characters.`);
  }
  yield parts.join('');
}
