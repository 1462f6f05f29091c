import { DomainError } from '../common/index.js';
import type { EvaluationFileError } from '../ingest/index.js';

const BUSY_RETRY_SECONDS = 10;

/** The maximum number of ingests is running. */
export function tooManyIngests(maximum: number): DomainError {
  const message = `The maximum of ${maximum} ingests is running. Nothing was changed; try again later.`;
  return new DomainError('overloaded', message, { retryAfterSeconds: BUSY_RETRY_SECONDS });
}

/** The file is larger than INGEST_MAX_SIZE. */
export function fileTooLarge(maxBytes: number): DomainError {
  return new DomainError('payload_too_large', `The file has more than ${maxBytes} bytes. Nothing was changed.`);
}

/** The connection was closed before the request was received, or before the response. Nobody reads the response. */
export function disconnected(cause?: unknown): DomainError {
  return new DomainError('malformed_request', 'The client has disconnected.', { cause });
}

/** The file is refused whole. */
export function fileInvalid({ problem, line, column }: EvaluationFileError): DomainError {
  const place = line === null ? '' : ` (line ${line}, column ${column ?? 1})`;
  const message = `The file ${problem}${place}. Nothing was changed.`;
  return new DomainError('evaluation_file_invalid', message, {
    ...(line !== null && { extensions: { line, column: column ?? 1 } }),
  });
}
