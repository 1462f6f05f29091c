import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { escapeFormula } from '../csv-cells.js';
import { buildExportQuery } from '../export/export-query.js';
import { readCsvItems } from './csv-items.js';
import { decodeFile } from './decode-file.js';
import type { Item, ReadOptions } from './items.js';

async function read(file: string | Buffer, options?: ReadOptions): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of readCsvItems(decodeFile(Readable.from([Buffer.from(file)])), options)) items.push(item);
  return items;
}
const values = async (file: string | Buffer, options?: ReadOptions) =>
  (await read(file, options)).map((item) => ('value' in item ? item.value : item.problem));

describe('cells that spreadsheets take for formulas', () => {
  it.each(['=cmd', '+1', '-1', '@a', '\ta', '\ra', '\na', "'=1", "'a", '\uff1da'])('are escaped: %j', (text) => {
    expect(escapeFormula(text)).toBe(`'${text}`);
  });

  const cells = { agent_type: "=cmd|' /C calc'!A0", status: '-5', xp: '-5', config: '{"a":"=1"}' };
  const row = (raw: boolean) => {
    const { header, lines } = buildExportQuery({ of: 'agents', format: 'csv', raw });
    const [names, line] = [header, lines([cells])].map((text) => text.trimEnd().split(','));
    return (name: string) => line?.[names?.indexOf(name) ?? -1];
  };

  it('are escaped in an export where they are text, and stay numbers where they are numbers', () => {
    const escaped = row(false);
    expect(escaped('agent_type')).toBe("'=cmd|' /C calc'!A0");
    expect([escaped('status'), escaped('xp')]).toEqual(["'-5", '-5']);
    const raw = row(true);
    expect([raw('agent_type'), raw('status'), raw('xp')]).toEqual([cells.agent_type, '-5', '-5']);
  });

  it('are read without the escape, unless they are said to be raw', async () => {
    const file = "agent_type,status,xp\r\n'=a,''b,-5\r\n'tis,'-,1\r\n";
    expect(await values(file)).toEqual([
      { agent_type: '=a', status: "'b", xp: -5 },
      { agent_type: "'tis", status: '-', xp: 1 },
    ]);
    expect(await values(file, { raw: true })).toEqual([
      { agent_type: "'=a", status: "''b", xp: -5 },
      { agent_type: "'tis", status: "'-", xp: 1 },
    ]);
  });
});

describe('what spreadsheets make of an export', () => {
  const expected = [{ agent_type: 'é', is_active: true, pass_rate: 0.5, config: { a: 1 }, status: null }];
  const plain = 'agent_type,is_active,pass_rate,config,status\r\né,TRUE,0.5,"{""a"":1}",\r\n';
  const semicolons = 'agent_type;is_active;pass_rate;config;status\r\né;TRUE;0,5;"{""a"":1}";\r\n';
  const tabs = plain.replaceAll(/,(?!""$)/g, '\t');

  it.each([
    ['capital TRUE', plain],
    ['a byte order mark', `\ufeff${plain}`],
    ['semicolons and decimal commas', semicolons],
    ['tabs', tabs],
    ['UTF-16', Buffer.from(`\ufeff${tabs}`, 'utf16le')],
    ['empty columns at the right', plain.replaceAll('\r\n', ',,\r\n')],
    ['empty rows', `${plain},,,,\r\n,,,,\r\n\r\n`],
    ['empty rows and columns', `${plain.replaceAll('\r\n', ',,\r\n')},,,,,,\r\n`],
  ])('is read: %s', async (_, file) => {
    expect(await values(file)).toEqual(expected);
  });

  it('reads numbers as they write them', async () => {
    const file = 'agent_type;learning_score\r\na;-1,5E-07\r\nb;1E+05\r\nc;FALSE\r\nd;1,2,3\r\n';
    expect(await values(file)).toEqual([
      { agent_type: 'a', learning_score: -1.5e-7 },
      { agent_type: 'b', learning_score: 1e5 },
      { agent_type: 'c', learning_score: false },
      'learning_score is not JSON: "1,2,3"',
    ]);
  });

  it('keeps naming records that are too short or too long', async () => {
    expect(await values('agent_type,xp\r\na\r\nb,1,2\r\n')).toEqual([
      'has 1 cells, but the header has 2',
      'has 3 cells, but the header has 2',
    ]);
  });
});

describe('CSV that was cut', () => {
  it('is refused when the last line has no end, unless that is allowed', async () => {
    const cut = 'agent_type,xp\r\na,12';
    await expect(read(cut)).rejects.toThrow(/no line end.*--allow-partial/);
    expect(await values(cut, { allowPartial: true })).toEqual([{ agent_type: 'a', xp: 12 }]);
  });

  it('is refused within a quoted cell, whatever is allowed', async () => {
    await expect(read('agent_type,xp\r\n"a\n', { allowPartial: true })).rejects.toThrow(/^The file is not CSV/);
  });
});

describe('what is no CSV of agents', () => {
  it.each(['5', 'null', 'true', '"text"', '5\n6\n', 'xp,level\n1,2\n', '<html>\n<body>\n'])(
    'is refused: %j',
    async (file) => {
      await expect(read(file, { allowPartial: true })).rejects.toThrow(/agent_type\. Expected: the output of `export`/);
    },
  );
});
