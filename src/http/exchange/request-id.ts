import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header with the request id, of requests and responses. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Accepted ids: safe in logs and headers, and long enough for ids of proxies. */
const ACCEPTED = /^[\w.:/+=@-]{1,128}$/;

/** Request id of the client or proxy if it is acceptable; otherwise a new one. */
export function getRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return findRequestId({ headers }) ?? randomUUID();
}

/** Request id for the log: that of the platform, or else an acceptable one of the client; undefined: none. */
export function findRequestId(request: Pick<IncomingMessage, 'headers'> & { id?: unknown }): string | undefined {
  const { id, headers } = request;
  if (typeof id === 'string' || typeof id === 'number') return String(id);
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : undefined;
}
