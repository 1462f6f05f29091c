import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header with the request id, of requests and responses. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Accepted ids: safe in logs and headers, and long enough for ids of proxies. */
const ACCEPTED = /^[\w.:/+=@-]{1,128}$/;

/** Request id of the client or proxy if it is acceptable; otherwise a new one. */
export function getRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
