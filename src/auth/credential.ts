import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows of itself: the token of `Authorization: Bearer`, or else X-API-Key. */
export function parseCredential({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | null {
  const bearer = /^bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof apiKey === 'string' && apiKey !== '' ? apiKey : null);
}
