import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Info, parse } from 'csv-parse';
import type { JsonObject } from '../../progression/index.js';
import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { unescapeFormula } from '../csv-cells.js';
import { LEGACY_AGENT_TYPE } from './agent-entry.js';
import { peek } from './import-format.js';
import { EXPECTED, type Item, LINE_LENGTH_MAX, type ReadOptions } from './items.js';
import { parseFileJson, RepeatedKeyError } from './file-json.js';
import { UnreadableFileError } from './decode-file.js';

type Record = (string | null)[];

const FORMS = new Map([...AGENT_COLUMNS, ...EVENT_COLUMNS].map(({ name, form }) => [name, form]));
/** The separator is the character after the first name of the header. */
const SEPARATOR = /^[\r\n]*(?:"[^"]*"|[^",;\t\r\n]*)([,;\t])/;

/**
 * Reads records below a header of column names. An empty, unquoted cell is null. Also accepts files saved by spreadsheets:
 * other separators, uppercase TRUE, decimal commas, empty columns at the right and empty rows.
 *
 * @throws UnreadableFileError if a quote is misplaced, the header has no agent type, or the last line has no line end and
 *   `allowPartial` is not set
 */
export async function* readCsvItems(
  source: AsyncGenerator<string>,
  { allowPartial = false, raw = false }: ReadOptions = {},
): AsyncGenerator<Item> {
  const { beginning, text } = await peek(source);
  const separator = SEPARATOR.exec(beginning)?.[1] ?? ',';
  let columns: string[] | null = null;
  let read: Pick<Info, 'lines' | 'empty_lines' | 'bytes'> = { lines: 0, empty_lines: 0, bytes: 0 };
  const end = { sign: '\n' };
  for await (const { record, info } of parseRecords(trackEnd(text, end), separator)) {
    const place = `line ${read.lines + 1 + info.empty_lines - read.empty_lines}`;
    const length = info.bytes - read.bytes;
    read = info;
    const cells = trimEmptyCells(record, columns?.length ?? 0);
    if (!columns) columns = parseHeader(cells);
    else if (cells.some((cell) => cell !== null)) yield toItem(columns, cells, { place, length, raw });
  }
  // The last cell of a truncated file can be incomplete.
  if (end.sign !== '\n' && !allowPartial) {
    throw new UnreadableFileError(
      'The last line has no line end, so the file may be truncated. To import it anyway, use --allow-partial.',
    );
  }
}

function parseHeader(record: Record): string[] {
  const names = record.map((cell) => cell ?? '');
  if (!names.includes('agent_type') && !names.includes(LEGACY_AGENT_TYPE)) {
    throw new UnreadableFileError(
      `The file is neither JSON nor CSV of agents or events: its first line does not contain the column agent_type. ${EXPECTED}`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UnreadableFileError(`The header contains the column ${JSON.stringify(twice)} twice.`);
  return names;
}

/** Removes empty cells at the end, which spreadsheets add to all rows. */
function trimEmptyCells(record: Record, least: number): Record {
  let length = record.length;
  while (length > least && record[length - 1] === null) length -= 1;
  return record.slice(0, length);
}

function toItem(
  columns: readonly string[],
  record: Record,
  { place, length, raw }: { place: string; length: number; raw: boolean },
): Item {
  if (record.length !== columns.length) {
    return { place, problem: `has ${record.length} cells, but the header has ${columns.length}` };
  }
  const value: JsonObject = {};
  for (const [index, name] of columns.entries()) {
    const cell = record[index] ?? null;
    try {
      value[name] = parseCell(cell, FORMS.get(name), raw);
    } catch (error) {
      const problem =
        error instanceof RepeatedKeyError ? error.message : `is not JSON: ${JSON.stringify(cell?.slice(0, 50))}`;
      return { place, problem: `${name} ${problem}` };
    }
  }
  return { place, value, length };
}

function parseCell(cell: string | null, form: Column['form'] = 'text', raw: boolean): unknown {
  if (cell === null) return null;
  if (form === 'text') return raw ? cell : unescapeFormula(cell);
  return parseFileJson(normalizeJson(cell));
}

/** Converts uppercase booleans and decimal commas, which are not valid JSON. */
function normalizeJson(cell: string): string {
  if (/^(TRUE|FALSE)$/.test(cell)) return cell.toLowerCase();
  return /^-?\d+,\d+(E[+-]?\d+)?$/.test(cell) ? cell.replace(',', '.') : cell;
}

/** Passes the text through and records its last character. */
async function* trackEnd(text: AsyncIterable<string>, end: { sign: string }): AsyncGenerator<string> {
  for await (const part of text) {
    end.sign = part.at(-1) ?? end.sign;
    yield part;
  }
}

async function* parseRecords(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<{ record: Record; info: Info }> {
  const parser = parse({
    info: true,
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LINE_LENGTH_MAX,
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
  });
  const fed = pipeline(Readable.from(text), parser);
  // The parser also throws the error.
  fed.catch(() => undefined);
  try {
    for await (const parsed of parser) yield parsed as { record: Record; info: Info };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFileError(`The file is not CSV: ${error.message}`, { cause: error });
  }
}
