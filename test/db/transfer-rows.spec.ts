import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { EVENT_COLUMNS } from '../../src/transfer/columns.js';
import { EXPORT_FORMATS } from '../../src/transfer/formats.js';
import { readCsvItems } from '../../src/transfer/import/csv-items.js';
import { readNdjsonItems } from '../../src/transfer/import/ndjson-items.js';
import { decodeFile } from '../../src/transfer/import/decode-file.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported } from '../support/transfer.js';

const RUNS = 100;

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

/** Text that PostgreSQL can hold: all but U+0000. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('', ' ', '"', ',', '\r', '\n', '\r\n', '\\', '\u2028', '\u0085', '\ufeff', 'null', '\ud83d\ude00'),
  )
  .map((any) => any.toWellFormed().replaceAll('\u0000', ''));
const object = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.array(text),
    fc.constantFrom(null, true),
  ),
);
const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const time = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('Z', '789Z'));

const row = fc.record({
  agent_type: text,
  recorded_as: fc.option(text),
  type: text,
  payload: object,
  result: object,
  rules_version: fc.integer({ min: -32_768, max: 32_767 }),
  actor: fc.option(text),
  idempotency_key: fc.option(text),
  request_hash: fc.option(hex),
  occurred_at: time,
  recorded_at: time,
  prev_hash: hex,
  hash: hex,
});
const rows = fc
  .array(row, { maxLength: 20 })
  .map((all) => all.map((each, index) => ({ ...each, version: index, type: [...each.type].slice(0, 9).join('') })));

const columns = EVENT_COLUMNS.map(({ name }) => name).join(', ');
const bytes = (name: string) => `decode(${name}, 'hex')`;
const INSERT = `
  INSERT INTO agent_events (${columns})
  SELECT agent_type, version, recorded_as, type, payload, result, rules_version, actor, idempotency_key, ${bytes('request_hash')},
         occurred_at, recorded_at, ${bytes('prev_hash')}, ${bytes('hash')}
    FROM jsonb_to_recordset($1) event (agent_type text, version integer, recorded_as text, type text, payload jsonb, result jsonb,
         rules_version smallint, actor text, idempotency_key text, request_hash text, occurred_at timestamptz,
         recorded_at timestamptz, prev_hash text, hash text)`;

describe('any rows of the ledger', () => {
  it.each(EXPORT_FORMATS)('are read from an export as they are in the table: %s', async (format) => {
    const itemsOf = { ndjson: readNdjsonItems, csv: readCsvItems }[format];
    await fc.assert(
      fc.asyncProperty(rows, async (events) => {
        await test.database.query('TRUNCATE agent_events');
        await test.database.query('DROP INDEX IF EXISTS uq_agent_events_idempotency_key');
        await test.database.query(INSERT, [JSON.stringify(events)]);
        const file = await exported(test, { of: 'events', format });
        const found: unknown[] = [];
        for await (const item of itemsOf(decodeFile(Readable.from([Buffer.from(file)])))) {
          found.push('value' in item ? item.value : item);
        }
        const versions = found.map((event) => (event as { version: number }).version);
        expect(versions.map((version) => events[version])).toEqual(found);
        expect(found).toHaveLength(events.length);
      }),
      { numRuns: RUNS },
    );
  });
});
