import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Info, parse } from 'csv-parse';
import type { JsonObject } from '../../progression/index.js';
import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { unescapeFormula } from '../csv-cells.js';
import { OLD_NAME } from './agent-entry.js';
import { withBeginning } from './import-format.js';
import { EXPECTED, type Item, LINE_LENGTH_MAX, type ReadOptions } from './items.js';
import { parseFileJson, RepeatedKeyError } from './file-json.js';
import { UnreadableFileError } from './file-text.js';

type Record = (string | null)[];

const FORMS = new Map([...AGENT_COLUMNS, ...EVENT_COLUMNS].map(({ name, form }) => [name, form]));
/** The separator is what stands behind the first name of the header. */
const SEPARATOR = /^[\r\n]*(?:"[^"]*"|[^",;\t\r\n]*)([,;\t])/;

/**
 * Records below a header of column names. A cell without characters and quotes is null. Takes what spreadsheets make of an
 * export, too: another separator, capital TRUE, decimal commas, empty columns at the right and empty rows.
 *
 * @throws UnreadableFileError when a quote is out of place, after which nobody knows where records begin; when the header
 *   names no agents; when the last line has no end, unless that is allowed
 */
export async function* csvItems(
  source: AsyncGenerator<string>,
  { allowPartial = false, raw = false }: ReadOptions = {},
): AsyncGenerator<Item> {
  const { beginning, text } = await withBeginning(source);
  const separator = SEPARATOR.exec(beginning)?.[1] ?? ',';
  let columns: string[] | null = null;
  let read: Pick<Info, 'lines' | 'empty_lines' | 'bytes'> = { lines: 0, empty_lines: 0, bytes: 0 };
  const end = { sign: '\n' };
  for await (const { record, info } of records(watched(text, end), separator)) {
    const place = `line ${read.lines + 1 + info.empty_lines - read.empty_lines}`;
    const length = info.bytes - read.bytes;
    read = info;
    const cells = withoutEmptyEnd(record, columns?.length ?? 0);
    if (!columns) columns = columnNames(cells);
    else if (cells.some((cell) => cell !== null)) yield itemOf(columns, cells, { place, length, raw });
  }
  // Where a file was cut the last cell may be only a part of what it was.
  if (end.sign !== '\n' && !allowPartial) {
    throw new UnreadableFileError(
      'The last line has no line end: the file may have been cut. --allow-partial imports what is there.',
    );
  }
}

function columnNames(record: Record): string[] {
  const names = record.map((cell) => cell ?? '');
  if (!names.includes('agent_type') && !names.includes(OLD_NAME)) {
    throw new UnreadableFileError(
      `The file is neither JSON nor CSV of agents or events: its first line doesn't name the column agent_type. ${EXPECTED}`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UnreadableFileError(`The header names the column ${JSON.stringify(twice)} twice.`);
  return names;
}

/** Spreadsheets fill all rows up to the widest. */
function withoutEmptyEnd(record: Record, least: number): Record {
  let length = record.length;
  while (length > least && record[length - 1] === null) length -= 1;
  return record.slice(0, length);
}

function itemOf(
  columns: readonly string[],
  record: Record,
  { place, length, raw }: { place: string; length: number; raw: boolean },
): Item {
  if (record.length !== columns.length) {
    return { place, problem: `has ${record.length} cells, and the header ${columns.length}` };
  }
  const value: JsonObject = {};
  for (const [index, name] of columns.entries()) {
    const cell = record[index] ?? null;
    try {
      value[name] = valueOf(cell, FORMS.get(name), raw);
    } catch (error) {
      const problem =
        error instanceof RepeatedKeyError ? error.message : `is not JSON: ${JSON.stringify(cell?.slice(0, 50))}`;
      return { place, problem: `${name} ${problem}` };
    }
  }
  return { place, value, length };
}

function valueOf(cell: string | null, form: Column['form'] = 'text', raw: boolean): unknown {
  if (cell === null) return null;
  if (form === 'text') return raw ? cell : unescapeFormula(cell);
  return parseFileJson(jsonOf(cell));
}

/** JSON has neither capital words nor decimal commas, so that nothing else can be meant. */
function jsonOf(cell: string): string {
  if (/^(TRUE|FALSE)$/.test(cell)) return cell.toLowerCase();
  return /^-?\d+,\d+(E[+-]?\d+)?$/.test(cell) ? cell.replace(',', '.') : cell;
}

/** The text; its last sign is known when all of it was read. */
async function* watched(text: AsyncIterable<string>, end: { sign: string }): AsyncGenerator<string> {
  for await (const part of text) {
    end.sign = part.at(-1) ?? end.sign;
    yield part;
  }
}

async function* records(
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
  // What goes wrong is thrown by the parser as well, which it destroys.
  fed.catch(() => undefined);
  try {
    for await (const parsed of parser) yield parsed as { record: Record; info: Info };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFileError(`The file is not CSV: ${error.message}`, { cause: error });
  }
}
