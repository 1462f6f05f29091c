import { ApiProperty } from '@nestjs/swagger';
import { SuccessDto } from '../../agent-metrics/index.js';
import { EVALUATION_FORMATS, type EvaluationFormat } from '../../ingest/index.js';

/** Agent type and category of the cases of a model. */
export class IngestedAgentDto {
  /**
   * Model in the file; null: none.
   * @example openai/gpt-4o
   */
  model!: string | null;
  /** @example guardian */
  agent_type!: string;
  /** @example arc_easy */
  category!: string;
  /** @example 20 */
  @ApiProperty({ type: 'integer' })
  cases!: number;
}

/** A case that was not recorded. */
export class NotRecordedCaseDto {
  /**
   * Position in the file.
   * @example sample 17, epoch 1
   */
  place!: string;
  /** @example no_score */
  code!: string;
  /** @example it has no score */
  reason!: string;
}

/** A note on a recorded case. */
export class NotedCaseDto {
  /** @example result 3 */
  place!: string;
  /** @example score_clamped */
  code!: string;
  /** @example the score 1.2 is taken as 1 */
  text!: string;
}

/** Result of an ingest. Lists have at most 100 items; counts are complete. */
export class IngestReportDto extends SuccessDto {
  /** Whether nothing was recorded because of `dry_run`. */
  dry_run!: boolean;
  /**
   * Name of the file. `body`, unless the request or its form names it.
   * @example body
   */
  file!: string;
  /** Format of the file. */
  @ApiProperty({ enum: EVALUATION_FORMATS })
  format!: EvaluationFormat;
  /**
   * Cases in the file: passed, failed, errored, and not recorded.
   * @example 20
   */
  @ApiProperty({ type: 'integer' })
  cases!: number;
  /** @example 14 */
  @ApiProperty({ type: 'integer' })
  passed!: number;
  /** @example 5 */
  @ApiProperty({ type: 'integer' })
  failed!: number;
  /** @example 0 */
  @ApiProperty({ type: 'integer' })
  errored!: number;
  /**
   * Cases that were not recorded, for the reasons in `reasons`.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  not_recorded!: number;
  /**
   * Cases that were recorded by this request.
   * @example 19
   */
  @ApiProperty({ type: 'integer' })
  recorded!: number;
  /**
   * Cases that were recorded earlier with the same id.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  replayed!: number;
  /**
   * Cases that were refused, part of `not_recorded`: invalid results, and agents that the key must not write.
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  refused!: number;
  /** Agent types and categories of the recorded cases, by model. */
  agents!: IngestedAgentDto[];
  /** Numbers of cases that were not recorded, by code. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { no_score: 1 } })
  reasons!: Partial<Record<string, number>>;
  /** Numbers of notes on recorded cases, by code. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: {} })
  notes!: Partial<Record<string, number>>;
  /** Statements about the file. */
  remarks!: string[];
  not_recorded_cases!: NotRecordedCaseDto[];
  noted_cases!: NotedCaseDto[];
}
