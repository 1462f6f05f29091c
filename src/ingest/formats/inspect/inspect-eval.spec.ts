import { describe, expect, it } from '@jest/globals';
import {
  inspectEntries as entriesOf,
  inspectHeader as header,
  inspectSample as sample,
  inspectSpec as spec,
} from '../../../../test/support/ingest/inspect-log.js';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';
import { writeZip, type ZipEntry } from '../../../../test/support/ingest/zip.js';

describe('.eval archives', () => {
  it.each(['store', 'deflate', 'zstd'] as const)('with %s', async (method) => {
    const { cases, remarks } = await readContentOf(writeZip(entriesOf([sample(1, 'C'), sample(2, 0.5)], method)));
    expect(cases.map(({ score }) => score)).toEqual([100, 50]);
    expect(remarks).toEqual([]);
  });

  it('without a header were not finished', async () => {
    const entries = entriesOf([sample(1, 'C')]).filter(({ name }) => name !== 'header.json');
    const { cases, remarks } = await readContentOf(writeZip(entries));
    expect(cases).toHaveLength(1);
    expect(remarks).toEqual([expect.stringContaining('incomplete')]);
  });

  it('of the first releases have the results in an entry', async () => {
    const { cases, skipped } = await readContentOf(
      writeZip([
        { name: 'start.json', content: { version: 2, eval: spec } },
        { name: 'samples/1_epoch_1.json', content: sample(1, 'C') },
        { name: 'results.json', content: { status: 'cancelled' } },
      ]),
    );
    expect(cases).toEqual([]);
    expect(skipped).toMatchObject([{ code: 'log_cancelled' }]);
  });

  it('of version 3 have samples in several entries', async () => {
    const { cases } = await readContentOf(
      writeZip([
        { name: 'header.json', content: { ...header, version: 3 } },
        { name: 'samples/1_epoch_1/sample.json', content: sample(1, 'C', { message_refs: [[0, 1]] }) },
        { name: 'samples/1_epoch_1/messages/0.json', content: [{ role: 'user' }] },
        { name: 'samples/1_epoch_1/events/0.json', content: [] },
        { name: 'samples/1_epoch_1/events/stats.json', content: {} },
        { name: 'samples/2_epoch_1.json', content: sample(2, 'I') },
      ]),
    );
    expect(cases.map(({ score }) => score)).toEqual([100, 0]);
  });

  it('use the last of two entries with a name', async () => {
    const { cases } = await readContentOf(
      writeZip([...entriesOf([sample(1, 'I')]), { name: 'samples/a0/b_epoch_1.json', content: sample(1, 'C') }]),
    );
    expect(cases.map(({ score }) => score)).toEqual([100]);
  });

  const entry = (declared: ZipEntry['declared'], more: Partial<ZipEntry> = {}): Buffer =>
    writeZip([
      { name: 'header.json', content: header },
      { name: 'samples/1_epoch_1.json', content: sample(1, 'C'), ...more, ...(declared ? { declared } : {}) },
    ]);

  it.each([
    ['without a header', writeZip([{ name: 'samples/1_epoch_1.json', content: sample(1, 'C') }]), /no header.json/],
    ['that are cut', writeZip(entriesOf([sample(1, 'C')])).subarray(0, 400), /damaged zip/],
    ['with a wrong checksum', entry({ crc: 1 }), /checksum/],
    ['with a size that is too small', entry({ size: 10 }), /longer than declared/],
    ['with a size that is too large', entry({ size: 100_000 }), /shorter than declared/],
    ['with encryption', entry({ flags: 0x801 }), /encrypted/],
    ['with an unknown compression', entry({}, { method: 14 }), /unknown compression/],
    ['with damaged deflate', entry({ data: Buffer.alloc(50, 0xff) }), /damaged zip/],
    ['with damaged Zstandard', entry({ data: Buffer.alloc(50, 0xff) }, { method: 'zstd' }), /not Zstandard/],
    ['with cut Zstandard', entry({ data: writeZip([]).subarray(0, 0) }, { method: 'zstd' }), /Zstandard|shorter/],
    ['with entries that overlap', entry({ offset: 0 }), /overlap/],
    ['with JSON that is cut', entry(undefined, { content: '{"id":1,\n"epoch"' }), /samples\/1_epoch_1.json", line 2/],
  ])('%s are refused', async (_, content, message) => {
    await expect(readContentOf(content)).rejects.toThrow(message);
  });

  it('that expand like a bomb are refused', async () => {
    const zeros = Buffer.alloc(40 * 1024 * 1024, 0x20);
    await expect(readContentOf(entry({}, { content: zeros }))).rejects.toThrow(/expands to more than 300 times/);
    const hidden = entry({ size: 1000 }, { content: zeros });
    await expect(readContentOf(hidden)).rejects.toThrow(/longer than declared|expands/);
  });

  it('may have any names, which are not used as paths', async () => {
    const { cases } = await readContentOf(
      writeZip([
        { name: 'header.json', content: header },
        { name: 'samples/../../../etc/passwd_epoch_1.json', content: sample(1, 'C') },
        { name: 'samples/C:\\x_epoch_1.json', content: sample(2, 'C') },
        { name: '/absolute.json', content: {} },
      ]),
    );
    expect(cases).toHaveLength(2);
  });
});
