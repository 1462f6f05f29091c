import { type ExportTrailer, isTrailer, LineSum } from '../export-trailer.js';
import { isObject, type Item, LINE_LENGTH_MAX, type ReadOptions } from './items.js';
import { describeJsonProblem, parseFileJson } from './file-json.js';
import { UnreadableFileError } from './decode-file.js';

const NO_TRAILER =
  'The file does not end with the line that `export` writes last: it is truncated, or was not created by this ' +
  'release. To import it anyway, use --allow-partial.';

/**
 * Reads one object per line; empty lines are skipped. The file can contain several exports, each with its trailer.
 *
 * @throws UnreadableFileError if lines are missing or changed and `allowPartial` is not set
 */
export async function* readNdjsonItems(
  text: AsyncIterable<string>,
  { allowPartial = false }: ReadOptions = {},
): AsyncGenerator<Item> {
  let number = 0;
  let sum = new LineSum();
  let isWhole = false;
  for await (const line of splitLines(text)) {
    number += 1;
    if (line.trim() === '') continue;
    isWhole = isTrailer(line);
    if (isWhole) {
      if (!allowPartial) assertComplete(line, sum, number);
      sum = new LineSum();
    } else {
      // Line ends that were converted to CR LF are accepted.
      sum.add(`${line.replace(/\r$/, '')}\n`, 1);
      yield toItem(line, `line ${number}`);
    }
  }
  if (!isWhole && !allowPartial) throw new UnreadableFileError(NO_TRAILER);
}

function assertComplete(line: string, sum: LineSum, number: number): void {
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
      ? 'lines before it were changed since the export'
      : `${String(trailer.lines)} lines were exported, but the file has ${count}`;
  throw new UnreadableFileError(
    `The file is incomplete. Line ${number}: ${fault}. To import it anyway, use --allow-partial.`,
  );
}

function toItem(line: string, place: string): Item {
  try {
    const value = parseFileJson(line);
    return isObject(value) ? { place, value, length: line.length } : { place, problem: 'must be a JSON object' };
  } catch (error) {
    return { place, problem: describeJsonProblem(error) };
  }
}

/** Splits at line feeds only. JSON can contain other Unicode line separators, at which node:readline splits. */
async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string> {
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
