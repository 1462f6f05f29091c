import { testRates } from '../../progression/index.js';
import type { RowReader } from './row-reader.js';
import type { TestCounters } from './test-counters.js';

/** A rate that was rounded to two digits still agrees with the counters. */
const AGREEMENT = 0.01;

/**
 * The rates of tests. The pass rate is what the counters give. So is the failure rate, unless the pass rate agreed with
 * them: then it stays, as learning reports one too.
 */
export function testRatesOf(reader: RowReader, counters: TestCounters): { pass_rate: number; failure_rate: number } {
  const rates = testRates(counters);
  const found = reader.ratioOrNull('pass_rate');
  const agrees =
    found === null ? counters.total_tests_given === 0 : Math.abs(found.ratio - rates.pass_rate) <= AGREEMENT;
  if (found?.ratio !== rates.pass_rate) follow(reader, 'pass_rate', rates.pass_rate);
  else if (found.why) reader.repair('pass_rate', found.ratio, found.why);

  const reported = reader.ratioOrNull('failure_rate');
  if (agrees && reported) {
    if (reported.why) reader.repair('failure_rate', reported.ratio, reported.why);
    return { pass_rate: rates.pass_rate, failure_rate: reported.ratio };
  }
  if (reported?.ratio !== rates.failure_rate || reported.why) follow(reader, 'failure_rate', rates.failure_rate);
  return rates;
}

function follow(reader: RowReader, field: string, rate: number): void {
  if (reader.isColumn(field)) reader.repair(field, rate, reader.has(field) ? 'rate_of_tests' : 'was_null');
}
