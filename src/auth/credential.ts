import type { IncomingHttpHeaders } from 'node:http';

/** Credential of a request: the token of `Authorization: Bearer`, or else X-API-Key; null if there is none. */
export function parseCredential({ authorization, 'x-api-key': apiKey }: IncomingHttpHeaders): string | null {
  const bearer = /^bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof apiKey === 'string' && apiKey !== '' ? apiKey : null);
}
