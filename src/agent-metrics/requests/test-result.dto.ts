import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, ValidateIf } from 'class-validator';
import { toDate } from '../../common/index.js';
import {
  ApiNullable,
  IsTimestamp,
  IsWholeNumber,
  markParsed,
  OmittableOrNull,
  omitNulls,
} from '../../http/validation/index.js';
import { type Evidence, INTEGER_MAX, type JsonObject, type Outcome, OUTCOMES } from '../../progression/index.js';
import { EvidenceDto, parseEvidence } from './evidence.dto.js';
import { TestDetailsDto } from './test-details.dto.js';

/** A field that may be null or omitted only if the test errored. */
export function OmittableIfErrored(): PropertyDecorator {
  return applyDecorators(
    ValidateIf(
      ({ outcome }: Pick<TestResultDto, 'outcome'>, value) =>
        outcome !== 'errored' || (value !== null && value !== undefined),
    ),
    ApiProperty({ nullable: true, required: false }),
  );
}

/** Fields of the results of custody tests and adversarial tests. */
export abstract class TestResultDto extends TestDetailsDto {
  /**
   * Outcome of the test. `errored`: the harness failed, and the agent is not judged; the result is stored in the ledger and
   * counted in the analytics, but changes no counter, streak, rate or XP.
   * @example passed
   */
  @OmittableOrNull()
  @IsIn(OUTCOMES)
  @ApiProperty({ enum: [...OUTCOMES, null] })
  outcome?: Outcome | null;

  /**
   * XP for passing. Default: 10. A test that was not passed awards none.
   * @example 25
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * End of the test, ISO 8601. Without a time zone: UTC. Precision: milliseconds. At most 5 minutes ahead of the
   * service's clock. Default: time of arrival.
   * @example 2025-01-25T10:00:00Z
   */
  @OmittableOrNull()
  @IsTimestamp()
  timestamp?: string | null;

  /** Origin of the result. Stored in the ledger with the event. */
  @IsOptional()
  @IsObject()
  @ApiNullable(EvidenceDto)
  evidence?: EvidenceDto | null;
}

type Converted<T> = { [Field in keyof Omit<T, 'timestamp' | 'evidence'>]: Exclude<T[Field], null> } & {
  timestamp: Date | undefined;
  evidence?: Evidence;
};

/**
 * Converts a request to a test result.
 *
 * @throws DomainError `validation_failed` if the evidence is invalid
 */
export function toTestResult<
  T extends Pick<TestResultDto, 'timestamp' | 'evidence'> & { details?: JsonObject | null },
>({ timestamp, evidence, ...result }: T): Converted<T> {
  const parsed = parseEvidence(evidence);
  const converted = { ...omitNulls(result), timestamp: toDate(timestamp ?? undefined) };
  return markParsed(parsed === undefined ? converted : { ...converted, evidence: parsed });
}
