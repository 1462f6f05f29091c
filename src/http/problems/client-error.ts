import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '../../common/index.js';
import { PROBLEM_JSON, toProblem } from './problem.js';

/** Node's reference from the socket to the response that is written to it next. */
interface ServerSocket extends Socket {
  _httpMessage?: (ServerResponse & { req: IncomingMessage }) | null;
}

/** Sends a problem document for a request that Node could not parse: not HTTP, too slow, or too large. */
export function sendClientError(error: NodeJS.ErrnoException, socket: ServerSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const response = socket._httpMessage;
  if (response?.req.complete === true) {
    // An earlier request is waiting for its own response, which must not be replaced or lost.
    if (!response.headersSent) response.setHeader('connection', 'close');
    return;
  }
  if (socket.writable && response?.headersSent !== true) {
    const problem = toProblem(toDomainError(error));
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nConnection: close\r\n` +
        `Content-Type: ${PROBLEM_JSON}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

function toDomainError({ code }: NodeJS.ErrnoException): DomainError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('request_timeout', 'The request was not received in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('headers_too_large', 'The headers are too large.');
    default:
      return new DomainError('malformed_request', 'The request is not HTTP.');
  }
}
