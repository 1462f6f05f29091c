import { validationFailed } from '../../../common/index.js';
import { IsAnyJson } from '../../../http/validation/index.js';
import type { JsonObject } from '../../../progression/index.js';

/** The fields of TestDetailsDto. */
const DETAILS: ReadonlySet<string> = new Set<keyof TestDetailsDto>([
  'threshold',
  'ai_response',
  'evaluation',
  'test_content',
  'correct_answer',
  'test_type',
  'error',
]);
/** Most bytes that the details of a test may have, as JSON in UTF-8. */
const DETAILS_MAX_BYTES = 16_384;

/**
 * Fields that clients of the old backend send beside a test result: any JSON, up to 16,384 bytes in all. It is kept with the
 * event in the ledger, as `details`, and changes no number.
 */
export class TestDetailsDto {
  /** Score that the test asked for. Kept with the event. */
  @IsAnyJson()
  threshold?: unknown;

  /** What the agent answered. Kept with the event. */
  @IsAnyJson()
  ai_response?: unknown;

  /** How the answer was judged. Kept with the event. */
  @IsAnyJson()
  evaluation?: unknown;

  /** What the agent was asked. Kept with the event. */
  @IsAnyJson()
  test_content?: unknown;

  /** The answer that was expected. Kept with the event. */
  @IsAnyJson()
  correct_answer?: unknown;

  /** What the client calls the kind of test. Kept with the event; the history's `test_type` is the service's own. */
  @IsAnyJson()
  test_type?: unknown;

  /** What went wrong during the test. Kept with the event. */
  @IsAnyJson()
  error?: unknown;
}

/**
 * Splits a test's details from its result.
 *
 * @throws DomainError `validation_failed` that names the largest detail, when together they are too large
 */
export function withDetails<T extends TestDetailsDto>(
  body: T,
): Omit<T, keyof TestDetailsDto> & { details?: JsonObject } {
  const result: JsonObject = {};
  const details: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined) (DETAILS.has(name) ? details : result)[name] = value;
  }
  if (Object.keys(details).length > 0) {
    assertSmall(details);
    result['details'] = details;
  }
  return result as Omit<T, keyof TestDetailsDto> & { details?: JsonObject };
}

/** @throws DomainError `validation_failed` that names the largest of the details, when together they are too large */
export function assertSmall(details: JsonObject): void {
  const bytes = countBytes(details);
  if (bytes <= DETAILS_MAX_BYTES) return;
  const [largest = ''] = Object.keys(details).sort((a, b) => countBytes(details[b]) - countBytes(details[a]));
  const detail = `makes the details of the test ${bytes} bytes long; they may have ${DETAILS_MAX_BYTES} in all`;
  throw validationFailed([{ field: largest, detail }]);
}

function countBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}
