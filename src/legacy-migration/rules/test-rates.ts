import { testRates } from '../../progression/index.js';
import type { RowReader } from './row-reader.js';
import type { TestCounters } from './test-counters.js';

/** Tolerance for rates that were rounded to two digits. */
const TOLERANCE = 0.01;

/**
 * Pass rate and failure rate. The pass rate is computed from the counters. So is the failure rate, unless the stored pass
 * rate matches the counters: then the stored failure rate is kept, because learning can also report it.
 */
export function toTestRates(reader: RowReader, counters: TestCounters): { pass_rate: number; failure_rate: number } {
  const rates = testRates(counters);
  const found = reader.ratioOrNull('pass_rate');
  const agrees =
    found === null ? counters.total_tests_given === 0 : Math.abs(found.ratio - rates.pass_rate) <= TOLERANCE;
  if (found?.ratio !== rates.pass_rate) replaceRate(reader, 'pass_rate', rates.pass_rate);
  else if (found.why) reader.repair('pass_rate', found.ratio, found.why);

  const reported = reader.ratioOrNull('failure_rate');
  if (agrees && reported) {
    if (reported.why) reader.repair('failure_rate', reported.ratio, reported.why);
    return { pass_rate: rates.pass_rate, failure_rate: reported.ratio };
  }
  if (reported?.ratio !== rates.failure_rate || reported.why) replaceRate(reader, 'failure_rate', rates.failure_rate);
  return rates;
}

function replaceRate(reader: RowReader, field: string, rate: number): void {
  if (reader.isColumn(field)) reader.repair(field, rate, reader.has(field) ? 'rate_of_tests' : 'was_null');
}
