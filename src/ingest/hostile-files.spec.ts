import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readContentOf } from '../../test/support/ingest/read-content.js';
import { SAMPLE_FILES } from '../../test/support/ingest/sample-files.js';
import { propertyRuns } from '../../test/support/property-runs.js';
import { EvaluationFileError } from './errors.js';
import { EVALUATION_FORMATS, type EvaluationFormat } from './evaluation-case.js';

const FILES = Object.entries(SAMPLE_FILES);
/** Formats of which a line that is damaged or unknown is not recorded, and the others are. */
const isLines = (name: string): boolean => name.endsWith('lines') || name === 'every-eval-ever aggregate';

/** Returns the number of cases, or null if the file was refused with a sentence. */
async function read(content: Buffer, format?: EvaluationFormat): Promise<number | null> {
  try {
    const { cases } = await readContentOf(content, { format });
    return cases.length;
  } catch (error) {
    expect(error).toBeInstanceOf(EvaluationFileError);
    const { problem } = error as EvaluationFileError;
    expect(problem).toMatch(/^[^\n]{3,500}$/);
    expect(problem).not.toMatch(/\bat .*:\d+:\d+|Error:|undefined|\[object/);
    return null;
  }
}

describe.each(FILES)('a file of %s', (name, content) => {
  it('has cases', async () => {
    expect(await read(content)).toBeGreaterThan(1);
    expect(await read(gzipSync(content))).toBe(name === 'inspect eval' ? null : await read(content));
  });

  it('that is cut at any of 20 places is refused, or JSON Lines without the last', async () => {
    const whole = (await read(content)) ?? 0;
    for (let part = 0; part < 20; part++) {
      const cut = content.subarray(0, Math.floor((content.length * part) / 20));
      const found = await read(cut);
      if (isLines(name)) expect(found ?? 0).toBeLessThanOrEqual(whole);
      else expect([part, found]).toEqual([part, null]);
      if (part > 0) expect(await read(gzipSync(content).subarray(0, 10 + part))).toBeNull();
    }
  });

  it('that continues after its end is refused, or JSON Lines without the damaged line', async () => {
    const whole = (await read(content)) ?? 0;
    for (const tail of ['\n{', '\u0000', 'PK', '\n<testsuites/>', '\n]']) {
      const found = await read(Buffer.concat([content, Buffer.from(tail)]));
      if (isLines(name)) expect(found ?? whole).toBe(tail.startsWith('\n') ? whole : (found ?? whole));
      else expect([tail, found]).toEqual([tail, null]);
    }
  });

  it('with any bytes changed is read or refused with a sentence', async () => {
    const changes = fc.array(fc.tuple(fc.nat(content.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const bytes = Buffer.from(content);
        for (const [at, value] of changed) bytes[at] = value;
        await read(bytes);
      }),
      { numRuns: propertyRuns(40) },
    );
  });

  it.each(EVALUATION_FORMATS)('is read or refused with a sentence as %s', async (format) => {
    await read(content, format);
  });

  it.each(FILES)('is refused, or read without the rest, if %s follows', async (_, other) => {
    const whole = await read(content);
    const found = await read(Buffer.concat([content, Buffer.from('\n'), other]));
    // An archive may have anything before it.
    if (!isLines(name) && name !== 'inspect eval') expect(found).toBeNull();
    else expect(found ?? whole).toBeGreaterThanOrEqual(whole ?? 0);
  });
});

describe('a value of a JSON file', () => {
  const VALUES = {
    NaN: 'NaN',
    'an infinite number': '-Infinity',
    'a large number': '1e999',
    'a long number': '1'.repeat(5000),
    'a number as text': '"0.5"',
    'a huge text': `"${'x'.repeat(3_000_000)}"`,
    'an unpaired surrogate': '"\\ud800"',
    'U+0000': '"a\\u0000b"',
    'deep nesting': `${'['.repeat(400)}1${']'.repeat(400)}`,
    'deeper nesting': `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
    'a prototype': '{"__proto__": {"x": 1}, "constructor": 1, "toString": 1}',
    'many items': `[${'1,'.repeat(20_000)}1]`,
    'an empty object': '{}',
    'an empty list': '[]',
    null: 'null',
    false: 'false',
  };
  const jsonFiles = FILES.filter(([name]) => name !== 'junit' && name !== 'inspect eval');

  it.each(Object.entries(VALUES))('that is %s is read or refused with a sentence', async (_, value) => {
    for (const [, content] of jsonFiles) {
      const text = content.toString();
      const members = [...text.matchAll(/"[\w,-]+":/g)];
      const step = Math.ceil(members.length / (value.length > 10_000 ? 1 : 4));
      for (const { 0: name, index } of members.filter((_, number) => number % step === 0)) {
        // The value, and the member twice.
        const end = index + name.length;
        await read(Buffer.from(`${text.slice(0, end)}${value},${name}${text.slice(end)}`));
        await read(Buffer.from(text.slice(0, end) + text.slice(end).replace(/^\s*("[^"]*"|[\d.]+|\w+)/, value)));
      }
    }
  });
});

describe('a file of', () => {
  it.each([
    ...[
      '{',
      '[',
      '<',
      '"',
      '0',
      'P',
      'PK',
      '\u001f',
      '\u001f\u008b',
      '\u0000',
      '\ufeff',
      ' ',
      '\n',
      'n',
      '(\u00b5/\u00fd',
    ],
    ...[
      '{}',
      '[]',
      '[[]]',
      '[{}]',
      '[1]',
      '{}\n{}',
      'null',
      'NaN',
      '"a"',
      '{"a":1}\n[',
      '[{},',
      '<a/>',
      '<testsuites/>',
    ],
  ])('%j is read or refused with a sentence', async (text) => {
    for (const format of [undefined, ...EVALUATION_FORMATS]) {
      await read(Buffer.from(text, 'latin1'), format);
      await read(Buffer.from(`\ufeff${text}`), format);
      await read(Buffer.from(text, 'utf16le'), format);
    }
  });
});
