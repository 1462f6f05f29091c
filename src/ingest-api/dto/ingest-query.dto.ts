import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { validationFailed } from '../../common/index.js';
import { Omittable } from '../../http/validation/index.js';
import { EVALUATION_FORMATS, type EvaluationFormat, type IngestOptions } from '../../ingest/index.js';
import { CATEGORY_PATTERN, isWellFormedAgentType, SCORE } from '../../progression/index.js';

const FORMATS = ['auto', ...EVALUATION_FORMATS] as const;
const TEXT_MAX = 255;

/** Query of an ingest. */
export class IngestQueryDto {
  /**
   * Format of the file. Default: `auto`, by the content.
   * @example promptfoo
   */
  @Omittable()
  @IsIn(FORMATS)
  format?: 'auto' | EvaluationFormat;

  /**
   * Agent type of all cases. Default: by the model of each case. Required for JUnit XML without the property `model`.
   * @example guardian
   */
  @Omittable()
  @IsString()
  agent?: string;

  /**
   * Category of all cases. Default: by the task.
   * @example unit_tests
   */
  @Omittable()
  @Matches(CATEGORY_PATTERN, {
    message: '$property must be 1 to 50 lower-case letters, digits and underscores that begin with a letter',
  })
  category?: string;

  /** Identity of the run, for files that do not contain one. */
  @Omittable()
  @MaxLength(TEXT_MAX)
  run?: string;

  /** Inspect: scorer `NAME`, or `NAME.KEY` of a map or list. Default: the first of the log. */
  @Omittable()
  @MaxLength(TEXT_MAX)
  scorer?: string;

  /** lm-evaluation-harness: `METRIC` or `METRIC,FILTER`. Default: `acc`, `exact_match`, …. */
  @Omittable()
  @MaxLength(TEXT_MAX)
  metric?: string;

  /** JUnit: outcome of testcases with an `error` element. Default: `errored`. */
  @Omittable()
  @IsIn(['errored', 'failed'])
  junit_errors?: 'errored' | 'failed';

  /**
   * Least score that is passed, if the format has no outcome, 0–100. Default: 70.
   * @example '70'
   */
  @Omittable()
  @Matches(/^\d{1,3}(\.\d{1,10})?$/, { message: '$property must be a number from 0 to 100' })
  pass_mark?: string;

  /**
   * Name of the file. lm-evaluation-harness has the task and the time in it. Default: that in
   * the form.
   * @example samples_arc_easy_2026-01-21T03-44-18.jsonl
   */
  @Omittable()
  @MaxLength(TEXT_MAX)
  file?: string;

  /** `true`: nothing is recorded. The response shows what would be. */
  @Omittable()
  @IsIn(['true', 'false'])
  dry_run?: 'true' | 'false';
}

/**
 * Converts the query to the options of an ingest.
 *
 * @throws DomainError `validation_failed` if the agent type or the pass mark is invalid
 */
export function toIngestRequest(query: IngestQueryDto): {
  name: string | undefined;
  format: EvaluationFormat | undefined;
  isDryRun: boolean;
  options: IngestOptions;
} {
  const { format = 'auto', agent, category, run, scorer, metric, junit_errors: junitErrors } = query;
  if (agent !== undefined && !isWellFormedAgentType(agent)) {
    const detail = 'must be 1 to 50 letters, digits and . _ : + @ / -, of which the first is a letter or digit';
    throw validationFailed([{ field: 'agent', detail }]);
  }
  return {
    name: query.file,
    format: format === 'auto' ? undefined : format,
    isDryRun: query.dry_run === 'true',
    options: { agent, category, run, scorer, metric, junitErrors, passMark: parsePassMark(query.pass_mark) },
  };
}

function parsePassMark(text: string | undefined): number | undefined {
  const score = text === undefined ? undefined : Number(text);
  if (score !== undefined && score > SCORE.most) {
    throw validationFailed([{ field: 'pass_mark', detail: 'must be a number from 0 to 100' }]);
  }
  return score;
}
