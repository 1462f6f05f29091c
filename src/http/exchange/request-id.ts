import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Where a request's id comes and goes. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Ids that may be taken over: as long as any proxy's, and nothing in them that a log or a header could stumble on. */
const ACCEPTED = /^[\w.:/+=@-]{1,128}$/;

/** The id that the client or a proxy gave the request, if it may be taken over; otherwise a new one. */
export function getRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
