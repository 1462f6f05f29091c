import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PAGE_LIMIT } from '../../common/index.js';
import { withLimitAsText } from '../../http/parameters/index.js';
import { type ArgumentParser, IsDecimalNumber, IsText, markParsed, Omittable } from '../../http/validation/index.js';
import { EVIDENCE_TEXT_MAX_LENGTH } from '../../progression/index.js';
import { type TestFilter, TestFilterDto, toTestFilter } from './test-filter.dto.js';

/** Field of the evidence by which tests are compared. */
export type ComparedField = 'agent_version' | 'model' | 'run_id' | 'environment';
/** Fields of the evidence by which tests can be compared. */
export const COMPARED_FIELDS = ['agent_version', 'model', 'run_id', 'environment'] as const satisfies ComparedField[];

/** Selects the groups of a comparison, and the tests in them. */
export interface ComparisonRequest extends TestFilter {
  by: ComparedField;
  /** Value of the group that the others are compared with. Default: the most recent other group. */
  baseline?: string | undefined;
  /** Maximum number of groups, 1 to 1,000. Default: 1,000. */
  limit?: number | undefined;
}

/** Selects the groups of a comparison, and the tests in them. */
export class CompareQueryDto extends TestFilterDto {
  /** Field of the evidence by which the tests are grouped. */
  @IsIn(COMPARED_FIELDS)
  by!: ComparedField;

  /** Value of the group that the others are compared with. Default: the most recent other group. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  baseline?: string;

  /** Maximum number of groups, 1 to 1,000. Default: 1,000. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT, required: false })
  @Omittable()
  @IsDecimalNumber(1, PAGE_LIMIT)
  limit?: string;
}

/** The comparison that the query asks for. */
export function toComparisonRequest({ by, baseline, limit, ...filter }: CompareQueryDto): ComparisonRequest {
  return markParsed({
    ...toTestFilter(filter),
    by,
    baseline,
    limit: limit === undefined ? undefined : Number(limit),
  });
}

/** Parser of the comparison in an in-process call. */
export const ComparisonArgument: ArgumentParser<CompareQueryDto, ComparisonRequest> = {
  Dto: CompareQueryDto,
  name: 'request',
  convert: toComparisonRequest,
  adapt: withLimitAsText,
};
