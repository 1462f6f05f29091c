import { PAGE_LIMIT, validationFailed } from '../../common/index.js';
import { computeDifference, type Difference, type TestOutcomes, withInterval } from '../../rollups/index.js';
import type { ComparisonRequest } from '../requests/compare-query.dto.js';
import type { ComparedRow } from './filtered-tests.queries.js';

/** Difference between the pass rates of a group and its baseline. */
export interface GroupDifference extends Difference {
  /** Value of the group that this one is compared with. */
  baseline: string | null;
}

/** Test results with the same value in a field of the evidence. */
export interface ComparedGroup extends TestOutcomes {
  /** The value; null: the evidence does not have the field. */
  value: string | null;
  /** End of the oldest and the newest test, judged or errored. */
  first_at: Date;
  last_at: Date;
  /** Pass rate minus that of the baseline, with its 95 % interval; null without a baseline or without judged tests. */
  difference: GroupDifference | null;
}

/** Comparison of groups of tests. */
export interface Comparison {
  /** Most recent first. */
  groups: ComparedGroup[];
  /** Whether there are more groups than the limit. */
  truncated: boolean;
}

/**
 * Compares each group with the baseline, or with the most recent other group that has judged tests.
 *
 * @param rows groups, most recent first: the first `limit` + 1, and those that can be a baseline
 * @throws DomainError `validation_failed` if there is no group with the value of the baseline
 */
export function toComparison(
  rows: readonly ComparedRow[],
  { baseline: chosen, limit = PAGE_LIMIT }: Pick<ComparisonRequest, 'baseline' | 'limit'>,
): Comparison {
  if (chosen !== undefined && !rows.some(({ value }) => value === chosen)) {
    throw validationFailed([{ field: 'baseline', detail: 'is not the value of any of the compared tests' }]);
  }
  const isBaseline = ({ value, tests }: ComparedRow): boolean => (chosen === undefined ? tests > 0 : value === chosen);
  const groups = rows
    .filter(({ position }) => position <= limit)
    .map(({ position, ...row }): ComparedGroup => {
      const baseline = rows.find((other) => other.position !== position && isBaseline(other));
      const difference = baseline && row.value !== chosen ? computeDifference(row, baseline) : null;
      return {
        ...withInterval(row),
        difference: baseline && difference ? { ...difference, baseline: baseline.value } : null,
      };
    });
  return { groups, truncated: rows.some(({ position }) => position > limit) };
}
