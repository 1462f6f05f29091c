import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../../../http/validation/index.js';
import type { ComparedGroup, GroupDifference } from '../../read/comparison.js';
import { type ComparedField, COMPARED_FIELDS } from '../../requests/compare-query.dto.js';
import { SuccessDto } from './responses.dto.js';
import { TestOutcomesDto } from './test-outcomes.dto.js';

/**
 * Difference between the pass rates of a group and its baseline, −1 to 1, with its 95 % interval by Newcombe's method. If
 * the interval does not contain 0, the rates differ.
 */
export class GroupDifferenceDto implements GroupDifference {
  /**
   * Pass rate of the group minus that of the baseline.
   * @example 0.2
   */
  value!: number;
  /**
   * Lower end of the interval.
   * @example 0.05
   */
  low!: number;
  /**
   * Upper end of the interval.
   * @example 0.33
   */
  high!: number;
  /**
   * Value of the group that this one is compared with; null: the group without the field.
   * @example 2.4.0
   */
  baseline!: string | null;
}

/** Test results with the same value in a field of the evidence. */
export class ComparedGroupDto extends TestOutcomesDto implements ComparedGroup {
  /**
   * The value; null: the evidence does not have the field.
   * @example 2.4.1
   */
  value!: string | null;
  /** End of the oldest test, judged or errored. */
  first_at!: Date;
  /** End of the newest test, judged or errored. */
  last_at!: Date;
  /**
   * Difference from the baseline: the group of the parameter `baseline`, by default the most recent other group with judged
   * tests. Null for the baseline itself, without a baseline, and without judged tests.
   */
  @ApiNullable(GroupDifferenceDto)
  difference!: GroupDifferenceDto | null;
}

export class ComparisonDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  /** Field of the evidence by which the tests are grouped. */
  @ApiProperty({ enum: COMPARED_FIELDS })
  by!: ComparedField;
  /** Groups in the order of their newest tests, most recent first. */
  groups!: ComparedGroupDto[];
  /** Whether there are more groups than the limit. */
  truncated!: boolean;
  /** Time of the read. */
  timestamp!: Date;
}
