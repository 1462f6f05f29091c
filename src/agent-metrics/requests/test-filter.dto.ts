import { toDate, validationFailed } from '../../common/index.js';
import { type ArgumentParser, IsText, IsTimestamp, markParsed, Omittable } from '../../http/validation/index.js';
import { EVIDENCE_FILTERS, EVIDENCE_TEXT_MAX_LENGTH } from '../../progression/index.js';

/** Selects tests by their evidence and category. Texts have 1 to 200 characters and are compared exactly. */
export interface EvidenceFilter {
  run_id?: string | undefined;
  agent_version?: string | undefined;
  environment?: string | undefined;
  /** Tool that produced the result. */
  source?: string | undefined;
  model?: string | undefined;
  /** Category of the test; `uncategorized` selects tests without one. */
  category?: string | undefined;
}

/** Selects tests by their evidence, category and time. */
export interface TestFilter extends EvidenceFilter {
  /** Earliest time at which the test ended. */
  from?: Date | undefined;
  /** The test ended before this time. */
  to?: Date | undefined;
}

/** Selects tests by their evidence and category. Texts have 1 to 200 characters and are compared exactly. */
export class EvidenceFilterDto {
  /** Run of the tool, from the evidence of the test. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  run_id?: string;

  /** Version of the agent, from the evidence of the test. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  agent_version?: string;

  /** Environment, from the evidence of the test. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  environment?: string;

  /** Tool that produced the result, from the evidence of the test. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  source?: string;

  /** Model of the agent, from the evidence of the test. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  model?: string;

  /** Category of the test; `uncategorized` selects tests without one. */
  @Omittable()
  @IsText(EVIDENCE_TEXT_MAX_LENGTH)
  category?: string;
}

/** Selects tests by their evidence, category and time. */
export class TestFilterDto extends EvidenceFilterDto {
  /** Earliest end of a test, ISO 8601. Without a time zone: UTC. */
  @Omittable()
  @IsTimestamp()
  from?: string;

  /** The tests ended before this time, ISO 8601. */
  @Omittable()
  @IsTimestamp()
  to?: string;
}

/** Whether the filter selects tests by their evidence. */
export function hasEvidenceFilter(filter: EvidenceFilter): boolean {
  return EVIDENCE_FILTERS.some((field) => filter[field] !== undefined);
}

/** The filter by evidence and category in a query. */
export function toEvidenceFilter(query: EvidenceFilterDto): EvidenceFilter {
  const { run_id, agent_version, environment, source, model, category } = query;
  return { run_id, agent_version, environment, source, model, category };
}

/**
 * Converts the query to a filter.
 *
 * @throws DomainError `validation_failed` if `from` is not before `to`
 */
export function toTestFilter(query: TestFilterDto): TestFilter {
  const [from, to] = [toDate(query.from), toDate(query.to)];
  if (from && to && from >= to) throw validationFailed([{ field: 'from', detail: 'must be before `to`' }]);
  return markParsed({ ...toEvidenceFilter(query), from, to });
}

/** Parser of the filter in an in-process call. */
export const TestFilterArgument: ArgumentParser<TestFilterDto, TestFilter> = {
  Dto: TestFilterDto,
  name: 'filter',
  convert: toTestFilter,
};
