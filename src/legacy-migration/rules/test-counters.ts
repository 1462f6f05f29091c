import { COUNT, INTEGER_MAX } from '../../progression/index.js';
import type { RowReader } from './row-reader.js';

export interface TestCounters {
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
}

/** Tests given, passed and failed, with given = passed + failed. A missing counter is computed from the others. */
export function toTestCounters(reader: RowReader): TestCounters {
  const given = reader.numberOrNull('total_tests_given', COUNT);
  const foundPassed = reader.numberOrNull('total_tests_passed', COUNT);
  const foundFailed = reader.numberOrNull('total_tests_failed', COUNT);
  const passed = foundPassed ?? fillMissing(reader, 'total_tests_passed', given, foundFailed);
  const unbounded = foundFailed ?? fillMissing(reader, 'total_tests_failed', given, foundPassed);
  const failed = Math.min(unbounded, INTEGER_MAX - passed);
  if (failed !== unbounded) reader.repair('total_tests_failed', failed, 'out_of_range');
  const sum = passed + failed;
  if (given === null) {
    if (reader.isColumn('total_tests_given')) reader.repair('total_tests_given', sum, 'counted_from_others');
  } else if (given !== sum) {
    reader.repair('total_tests_given', sum, 'does_not_add_up');
  }
  return { total_tests_given: sum, total_tests_passed: passed, total_tests_failed: failed };
}

function fillMissing(reader: RowReader, field: string, given: number | null, other: number | null): number {
  const difference = given !== null && other !== null ? given - other : -1;
  if (difference < 0) return reader.number(field, 0, COUNT);
  if (difference > 0 || reader.isColumn(field)) reader.repair(field, difference, 'counted_from_others');
  return difference;
}
