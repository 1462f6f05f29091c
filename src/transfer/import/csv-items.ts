import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, type Info, parse } from 'csv-parse';
import { parseJson } from '../../common/parse-json.js';
import type { JsonObject } from '../../progression/json.js';
import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { type Item, LINE_LENGTH_MAX } from './items.js';
import { UnreadableFileError } from './utf8-text.js';

type Record = (string | null)[];

const FORMS = new Map([...AGENT_COLUMNS, ...EVENT_COLUMNS].map(({ name, form }) => [name, form]));

/**
 * Records below a header of column names. A cell without characters and quotes is null.
 *
 * @throws UnreadableFileError when a quote is out of place, after which nobody knows where records begin
 */
export async function* csvItems(text: AsyncIterable<string>): AsyncGenerator<Item> {
  let columns: string[] | null = null;
  let read: Pick<Info, 'lines' | 'empty_lines' | 'bytes'> = { lines: 0, empty_lines: 0, bytes: 0 };
  for await (const { record, info } of records(text)) {
    const place = `line ${read.lines + 1 + info.empty_lines - read.empty_lines}`;
    const length = info.bytes - read.bytes;
    read = info;
    if (columns) yield itemOf(columns, record, place, length);
    else columns = columnNames(record);
  }
}

function columnNames(record: Record): string[] {
  const names = record.map((cell) => cell ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UnreadableFileError(`The header names the column ${JSON.stringify(twice)} twice.`);
  return names;
}

function itemOf(columns: readonly string[], record: Record, place: string, length: number): Item {
  if (record.length !== columns.length) {
    return { place, problem: `has ${record.length} cells, and the header ${columns.length}` };
  }
  const value: JsonObject = {};
  for (const [index, name] of columns.entries()) {
    const cell = record[index] ?? null;
    try {
      value[name] = valueOf(cell, FORMS.get(name));
    } catch {
      return { place, problem: `${name} is not JSON: ${JSON.stringify(cell?.slice(0, 50))}` };
    }
  }
  return { place, value, length };
}

function valueOf(cell: string | null, form: Column['form'] = 'text'): unknown {
  return cell === null || form === 'text' ? cell : (parseJson(cell));
}

async function* records(text: AsyncIterable<string>): AsyncGenerator<{ record: Record; info: Info }> {
  const parser = parse({
    info: true,
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
