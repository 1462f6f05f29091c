import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../../test/support/property-runs.js';
import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { escapeFormula } from '../csv-cells.js';
import { formatCsvLines } from '../export/csv-lines.js';
import type { JsonObject } from '../../progression/json.js';
import { readCsvItems } from './csv-items.js';
import { detectFormat } from './import-format.js';
import type { Item } from './items.js';
import { readNdjsonItems } from './ndjson-items.js';
import { decodeFile } from './decode-file.js';

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

/** Random values of the columns. */
const arbitraryRow = (columns: readonly Column[]): fc.Arbitrary<JsonObject> =>
  fc.record(Object.fromEntries(columns.map(({ name, form }) => [name, form === 'text' ? fc.option(text) : json])));

const anyRows = fc
  .constantFrom(AGENT_COLUMNS, EVENT_COLUMNS)
  .chain((columns) => fc.tuple(fc.constant(columns), fc.array(arbitraryRow(columns), { maxLength: 5 })));

/** Splits the text into chunks of this many bytes, possibly within characters. */
async function* inPieces(whole: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(whole, 'utf8');
  for (let from = 0; from < bytes.length; from += size) {
    yield await Promise.resolve(bytes.subarray(from, from + size));
  }
}

async function collectItems(
  format: (text: AsyncGenerator<string>) => AsyncIterable<Item>,
  whole: string,
  size = 1_000,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of format(decodeFile(inPieces(whole, size)))) items.push(item);
  return items;
}

/** Lines without a trailer. */
const looseLines = (text: AsyncIterable<string>) => readNdjsonItems(text, { allowPartial: true });

const values = (items: readonly Item[]) => items.map((item) => ('value' in item ? item.value : item));
/** The value after a JSON round trip. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('written files are read unchanged', () => {
  it('as NDJSON, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 100 }), async ([, rows], size) => {
        const file = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        expect(values(await collectItems(looseLines, file, size))).toEqual(plain(rows));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it.each([false, true])('as CSV, in chunks of any size; raw: %j', async (raw) => {
    const read = (text: AsyncGenerator<string>) => readCsvItems(text, { raw });
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 100 }), async ([columns, rows], size) => {
        const cell = ({ name, form }: Column, row: JsonObject) => {
          const text = row[name] as string | null;
          if (form === 'json') return JSON.stringify(text);
          return text === null || raw ? text : escapeFormula(text);
        };
        const records = rows.map((row) => columns.map((column) => cell(column, row)));
        const file = formatCsvLines([columns.map(({ name }) => name), ...records]);
        expect(values(await collectItems(read, file, size))).toEqual(plain(rows));
      }),
      { numRuns: propertyRuns(100) },
    );
  });
});

describe('places and problems', () => {
  it('are lines of NDJSON, including empty ones', async () => {
    expect(await collectItems(looseLines, '\r\n{"a":1}\r\n7\n{"a":\n')).toEqual([
      { place: 'line 2', value: { a: 1 }, length: 8 },
      { place: 'line 3', problem: 'must be a JSON object' },
      { place: 'line 4', problem: expect.stringMatching(/^is not JSON: /) },
    ]);
  });

  it('are the first lines of CSV records', async () => {
    const file = 'agent_type,status,xp\n"a","b\nc",1\nd,,2\n\ne,"",x\nf,g\n';
    expect(await collectItems(readCsvItems, file)).toEqual([
      { place: 'line 2', value: { agent_type: 'a', status: 'b\nc', xp: 1 }, length: expect.any(Number) },
      { place: 'line 4', value: { agent_type: 'd', status: null, xp: 2 }, length: expect.any(Number) },
      { place: 'line 6', problem: 'xp is not JSON: "x"' },
      { place: 'line 7', problem: 'has 2 cells, but the header has 3' },
    ]);
  });

  it('rejects bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('{"a":"\u00e9"}', 'latin1');
    const reading = (async () => {
      for await (const text of decodeFile(
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      ))
        expect(text).not.toContain('\ufffd');
    })();
    await expect(reading).rejects.toThrow('not UTF-8');
  });
});

describe('detectFormat', () => {
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
    expect(detectFormat(beginning)).toBe(format);
  });
});
