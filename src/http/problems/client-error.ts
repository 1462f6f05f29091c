import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '../../common/index.js';
import { PROBLEM_JSON, toProblem } from './problem.js';

/** What Node notes on the socket of a server: the answer that is to be written to it next. */
interface ServerSocket extends Socket {
  _httpMessage?: (ServerResponse & { req: IncomingMessage }) | null;
}

/** Answers what isn't HTTP, or too slow or too long to be read, where there is only a socket to write to. */
export function sendClientError(error: NodeJS.ErrnoException, socket: ServerSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const answer = socket._httpMessage;
  if (answer?.req.complete === true) {
    // A request before this one is waiting for its answer: it must not get this one, nor lose its own.
    if (!answer.headersSent) answer.setHeader('connection', 'close');
    return;
  }
  if (socket.writable && answer?.headersSent !== true) {
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
      return new DomainError('request_timeout', 'The request took too long to arrive.');
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('headers_too_large', 'The headers are too large.');
    default:
      return new DomainError('malformed_request', 'The request is not HTTP.');
  }
}
