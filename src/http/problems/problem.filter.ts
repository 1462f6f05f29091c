import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, type ErrorCode, getErrorMessage } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';
import { PROBLEM_JSON, toProblem } from './problem.js';
import { remark } from '../exchange/index.js';

/** Converts every error to a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), exception, this.logger);
  }
}

/** Sends the problem document of an error. Logs errors of the service with their cause. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, exception: unknown, logger: Logger): void {
  const error = toDomainError(exception);
  const { status } = ERROR_STATUS[error.code];
  // The original URL: the router may use a rewritten one.
  const path = request.originalUrl.split('?', 1)[0];
  remark(request, { result: error.code });
  let errorId: string | undefined;
  if (error.code === 'internal_error') {
    // The response contains the id, the log also the cause.
    errorId = randomUUID();
    logger.error(
      `${request.method} ${path ?? ''} failed (error ${errorId}, request ${request.id})`,
      getStack(error.cause),
    );
  } else if (status >= 500 && error.code !== 'overloaded') {
    // Overload is not logged for each request, which would increase it.
    logger.warn(
      `${request.method} ${path ?? ''}: ${error.code}: ${getErrorMessage(error.cause ?? error)} (request ${request.id})`,
    );
  }
  if (error.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer realm="agent-metrics"');
  if (error.options.retryAfterSeconds !== undefined) void reply.header('retry-after', error.options.retryAfterSeconds);
  void reply
    .status(status)
    .header('content-type', PROBLEM_JSON)
    .send(toProblem(error, path, errorId));
}

/** Converts any thrown value to a domain error. */
export function toDomainError(exception: unknown): DomainError {
  if (exception instanceof DomainError && exception.code !== 'internal_error') return exception;
  const status = exception instanceof HttpException ? exception.getStatus() : getStatusCode(exception);
  const code = status === undefined ? undefined : FRAMEWORK_STATUS_CODES[status];
  if (code !== undefined) return new DomainError(code, (exception as Error).message, { cause: exception });
  if (status !== undefined && status >= 400 && status < 500) {
    return new DomainError('malformed_request', (exception as Error).message, { cause: exception });
  }
  return new DomainError(
    'internal_error',
    'Internal error. The log of the service contains the cause under this error_id.',
    { cause: exception instanceof DomainError ? exception.cause : exception },
  );
}

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

function getStatusCode(exception: unknown): number | undefined {
  const status = (exception as { statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function getStack(cause: unknown): string {
  return (cause instanceof Error ? cause.stack : undefined) ?? getErrorMessage(cause);
}
