import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { DomainError, type ErrorCode, getErrorMessage } from '../../common/index.js';
import {
  findRequestId,
  getPath,
  getRawRequest,
  type HttpRequest,
  type HttpResponse,
  remark,
} from '../exchange/index.js';
import { ERROR_STATUS } from './error-status.js';
import { type Problem, PROBLEM_JSON, toProblem } from './problem.js';

/** Converts every error to a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(http.getRequest<HttpRequest>(), http.getResponse<HttpResponse>(), exception, this.logger);
  }
}

/** Matches all errors except those with an HTTP status, which guards, interceptors and pipes of the host throw. */
abstract class NoHttpError extends Error {
  static override [Symbol.hasInstance](exception: unknown): boolean {
    return getHttpStatus(exception) === undefined;
  }
}

/** Filter of the controllers. Leaves errors with an HTTP status to the filters of the host. */
@Catch(NoHttpError)
export class ControllerProblemFilter extends ProblemFilter {}

/** Filter of routes of the host that use guards of this library. Leaves all other errors to the filters of the host. */
@Catch(DomainError)
export class DomainProblemFilter extends ProblemFilter {}

/** Sends the problem document of an error. Logs errors of the service with their cause. */
export function sendProblem(request: HttpRequest, response: HttpResponse, exception: unknown, logger: Logger): void {
  const error = toDomainError(exception);
  const problem = toLoggedProblem(request, error, logger);
  remark(getRawRequest(request), { result: error.code });
  if (error.code === 'unauthenticated') response.header('www-authenticate', 'Bearer realm="agent-metrics"');
  if (error.options.retryAfterSeconds !== undefined) response.header('retry-after', error.options.retryAfterSeconds);
  response.header('content-type', PROBLEM_JSON);
  response.status(problem.status);
  response.send(problem);
}

/** Converts an error to a problem document. Logs errors of the service with their cause. */
export function toLoggedProblem(request: HttpRequest, exception: unknown, logger: Logger): Problem {
  const error = toDomainError(exception);
  const { status } = ERROR_STATUS[error.code];
  // The original URL: the router may use a rewritten one.
  const path = getPath(request);
  let errorId: string | undefined;
  if (error.code === 'internal_error') {
    // The response contains the id, the log also the cause.
    errorId = randomUUID();
    logger.error(
      `${request.method} ${path} failed (${describeIds(`error ${errorId}`, request)})`,
      getStack(error.cause),
    );
  } else if (status >= 500 && error.code !== 'overloaded') {
    // Overload is not logged for each request, which would increase it.
    const ids = describeIds('', request);
    logger.warn(
      `${request.method} ${path}: ${error.code}: ${getErrorMessage(error.cause ?? error)}${ids && ` (${ids})`}`,
    );
  }
  return toProblem(error, path, errorId);
}

/** Ids for the log. Requests have none on Express, unless the client or the host sets one. */
function describeIds(error: string, request: HttpRequest): string {
  const id = findRequestId(request);
  return [error, id === undefined ? '' : `request ${id}`].filter((text) => text !== '').join(', ');
}

/** Converts any thrown value to a domain error. */
export function toDomainError(exception: unknown): DomainError {
  if (exception instanceof DomainError && exception.code !== 'internal_error') return exception;
  const status = getHttpStatus(exception);
  const code = status === undefined ? undefined : FRAMEWORK_STATUS_CODES[status];
  if (code !== undefined) {
    const { message } = exception as Error;
    const detail = code === 'unsupported_media_type' ? `${message}. ${SEND_JSON}` : message;
    return new DomainError(code, detail, { cause: exception });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new DomainError('malformed_request', (exception as Error).message, { cause: exception });
  }
  return new DomainError(
    'internal_error',
    'Internal error. The log of the service contains the cause under this error_id.',
    { cause: exception instanceof DomainError ? exception.cause : exception },
  );
}

const SEND_JSON = 'Send JSON, with the header "Content-Type: application/json".';

/** Codes for the statuses of errors that Nest and Fastify throw. */
const FRAMEWORK_STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'route_not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
};

/** Status of an error of Nest, Express or Fastify. */
function getHttpStatus(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  const status = (exception as { statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function getStack(cause: unknown): string {
  return (cause instanceof Error ? cause.stack : undefined) ?? getErrorMessage(cause);
}
