import fc from 'fast-check';
import { AGENT_COLUMNS } from './legacy-table.factory.js';
import type { LegacyRow } from '../../src/legacy-migration/rules/legacy-row.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 130 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom('', ' ', '{}', '[]', 'null', '"', 'BASIC', ' Expert', 'true', 'f', '0', '*', 'x'.repeat(300)),
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 120 }).map(String),
  fc.double().map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '2147483647', '2147483648', '1e400', '0.30000000000000004', '-0'),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().replace('T', ' ').replace('Z', '')),
  fc.constantFrom(
    'infinity',
    '-infinity',
    '2025-01-25 10:00:00.123456+00',
    '2025-01-25',
    '0044-03-15 12:00:00 BC',
    '10000-01-01 00:00:00',
    '0001-01-01 00:00:00+14',
    '2025-02-30 10:00',
  ),
);
const json = fc.oneof(
  fc.json({ stringUnit: 'binary' }),
  fc.json().map((text) => JSON.stringify(text)),
  fc
    .array(fc.record({ passed: fc.boolean(), score: fc.double() }), { maxLength: 60 })
    .map((list) => JSON.stringify(list)),
  fc.nat(80).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(
    '["\\u0000", "\\ud800"]',
    '{"a\\u0000": 1e999}',
    '[12345678901234567890]',
    '"[1, 2]"',
    '{"__proto__": 1}',
  ),
);

/** Any row of an old table: what fits the column, what does not, NULL, or a table without the column. */
export const legacyRow: fc.Arbitrary<LegacyRow> = fc.subarray(AGENT_COLUMNS).chain((columns) => {
  const value = fc.option(fc.oneof(number, time, json, anyText), { nil: null });
  return fc.record(Object.fromEntries(columns.map((column) => [column, value])));
});
