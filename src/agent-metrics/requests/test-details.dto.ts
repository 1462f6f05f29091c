import { validationFailed } from '../../common/index.js';
import { IsAnyJson } from '../../http/validation/index.js';
import type { JsonObject } from '../../progression/index.js';

/** The fields of TestDetailsDto. */
export const DETAIL_FIELDS = [
  'threshold',
  'ai_response',
  'evaluation',
  'test_content',
  'correct_answer',
  'test_type',
  'error',
] as const satisfies readonly (keyof TestDetailsDto)[];
const DETAILS: ReadonlySet<string> = new Set(DETAIL_FIELDS);
/** Maximum total size of the details of a test, in bytes of JSON (UTF-8). */
const DETAILS_MAX_BYTES = 16_384;

/**
 * Additional fields of a test result, sent by clients of the old backend: any JSON, up to 16,384 bytes in total. Stored
 * in the ledger as `details` of the event. They do not affect the metrics.
 */
export class TestDetailsDto {
  /** Score required to pass. Stored with the event. */
  @IsAnyJson()
  threshold?: unknown;

  /** Response of the agent. Stored with the event. */
  @IsAnyJson()
  ai_response?: unknown;

  /** Evaluation of the response. Stored with the event. */
  @IsAnyJson()
  evaluation?: unknown;

  /** Content of the test. Stored with the event. */
  @IsAnyJson()
  test_content?: unknown;

  /** Expected response. Stored with the event. */
  @IsAnyJson()
  correct_answer?: unknown;

  /** Test type assigned by the client. Stored with the event; does not change `test_type` in the test history. */
  @IsAnyJson()
  test_type?: unknown;

  /** Error during the test. Stored with the event. */
  @IsAnyJson()
  error?: unknown;
}

/**
 * Separates the details of a test from its result.
 *
 * @throws DomainError `validation_failed` for the largest field if the details exceed the maximum size
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

/**
 * @param path prefix of the field names in errors
 * @throws DomainError `validation_failed` for the largest field if the details exceed the maximum size
 */
export function assertSmall(details: JsonObject, path = ''): void {
  const bytes = countBytes(details);
  if (bytes <= DETAILS_MAX_BYTES) return;
  const [largest = ''] = Object.keys(details).sort((a, b) => countBytes(details[b]) - countBytes(details[a]));
  const detail = `makes the details of the test ${bytes} bytes long; they may have ${DETAILS_MAX_BYTES} in all`;
  throw validationFailed([{ field: path + largest, detail }]);
}

function countBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value), 'utf8');
}

/** Like assertSmall, for a result whose details are one field. */
export function withSmallDetails<T extends { details?: JsonObject | null }>(result: T): T {
  if (result.details) assertSmall(result.details, 'details.');
  return result;
}
