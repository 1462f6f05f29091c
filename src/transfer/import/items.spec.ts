import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { escapeFormula } from '../csv-cells.js';
import { csvLines } from '../export/csv-lines.js';
import type { JsonObject } from '../../progression/json.js';
import { csvItems } from './csv-items.js';
import { formatOf } from './import-format.js';
import type { Item } from './items.js';
import { ndjsonItems } from './ndjson-items.js';
import { fileText } from './file-text.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '"',
    '""',
    ',',
    '\r',
    '\n',
    '\r\n',
    'a"b',
    '\u2028',
    '\u2029',
    '\ufeff',
    '=1+1',
    "'=1+1",
    "''@",
    '+',
    '-5',
    '\t',
    "'tis",
    '\uff1d',
    '{',
    'null',
    '\u00e9\ud83d\ude00',
  ),
);
const json = fc.oneof(fc.jsonValue({ noUnicodeString: false }), fc.dictionary(text, text), fc.array(text));

/** Any values of these columns. */
const rowOf = (columns: readonly Column[]): fc.Arbitrary<JsonObject> =>
  fc.record(Object.fromEntries(columns.map(({ name, form }) => [name, form === 'text' ? fc.option(text) : json])));

const anyRows = fc
  .constantFrom(AGENT_COLUMNS, EVENT_COLUMNS)
  .chain((columns) => fc.tuple(fc.constant(columns), fc.array(rowOf(columns), { maxLength: 5 })));

/** The text in pieces of this many bytes, which may cut through characters. */
async function* inPieces(whole: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(whole, 'utf8');
  for (let from = 0; from < bytes.length; from += size) {
    yield await Promise.resolve(bytes.subarray(from, from + size));
  }
}

async function itemsOf(
  format: (text: AsyncGenerator<string>) => AsyncIterable<Item>,
  whole: string,
  size = 1_000,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of format(fileText(inPieces(whole, size)))) items.push(item);
  return items;
}

/** Lines without a trailer below them. */
const looseLines = (text: AsyncIterable<string>) => ndjsonItems(text, { allowPartial: true });

const values = (items: readonly Item[]) => items.map((item) => ('value' in item ? item.value : item));
/** What JSON keeps of a value. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('what is written is what is read', () => {
  it('as NDJSON, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 100 }), async ([, rows], size) => {
        const file = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        expect(values(await itemsOf(looseLines, file, size))).toEqual(plain(rows));
      }),
    );
  });

  it.each([false, true])('as CSV, wherever it is cut; raw: %j', async (raw) => {
    const read = (text: AsyncGenerator<string>) => csvItems(text, { raw });
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 100 }), async ([columns, rows], size) => {
        const cell = ({ name, form }: Column, row: JsonObject) => {
          const text = row[name] as string | null;
          if (form === 'json') return JSON.stringify(text);
          return text === null || raw ? text : escapeFormula(text);
        };
        const records = rows.map((row) => columns.map((column) => cell(column, row)));
        const file = csvLines([columns.map(({ name }) => name), ...records]);
        expect(values(await itemsOf(read, file, size))).toEqual(plain(rows));
      }),
    );
  });
});

describe('places and problems', () => {
  it('are lines of NDJSON, empty ones counted', async () => {
    expect(await itemsOf(looseLines, '\r\n{"a":1}\r\n7\n{"a":\n')).toEqual([
      { place: 'line 2', value: { a: 1 }, length: 8 },
      { place: 'line 3', problem: 'must be a JSON object' },
      { place: 'line 4', problem: expect.stringMatching(/^is not JSON: /) },
    ]);
  });

  it('are lines of CSV, however many a record has', async () => {
    const file = 'agent_type,status,xp\n"a","b\nc",1\nd,,2\n\ne,"",x\nf,g\n';
    expect(await itemsOf(csvItems, file)).toEqual([
      { place: 'line 2', value: { agent_type: 'a', status: 'b\nc', xp: 1 }, length: expect.any(Number) },
      { place: 'line 4', value: { agent_type: 'd', status: null, xp: 2 }, length: expect.any(Number) },
      { place: 'line 6', problem: 'xp is not JSON: "x"' },
      { place: 'line 7', problem: 'has 2 cells, and the header 3' },
    ]);
  });

  it('refuses bytes that are not UTF-8, instead of replacing them', async () => {
    const bytes = Buffer.from('{"a":"\u00e9"}', 'latin1');
    const reading = (async () => {
      for await (const text of fileText(
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      ))
        expect(text).not.toContain('\ufffd');
    })();
    await expect(reading).rejects.toThrow('not UTF-8');
  });
});

describe('formatOf', () => {
  it.each([
    ['{"agent_type":"a","version":1}\n{"agent_type":"a"}', 'ndjson'],
    ['{"actor":null,"agent_type":"a"}', 'ndjson'],
    ['agent_type,version', 'csv'],
    ['', 'csv'],
    ['{"guardian":{"xp":1}}', 'json'],
    ['\n{\n  "guardian" : {\n', 'json'],
    ['{"status": "success", "data": {', 'json'],
    ['{"a \\" b":{', 'json'],
    [' [1]', 'json'],
    ['{}', 'json'],
    ['{"export":{"of":"agents","lines":0,"sha256":"e3"}}', 'ndjson'],
    ['{"export":{"xp":1}}', 'json'],
  ])('%j is %s', (beginning, format) => {
    expect(formatOf(beginning)).toBe(format);
  });
});
