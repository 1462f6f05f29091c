import type { IncomingMessage } from 'node:http';

/** The paths that some clients of the old backend use, with nothing before them. */
const LEGACY = /^\/(?:agent-metrics|custody)(?=[/?]|$)/;

/** The URL that the API has for a request's: `/custody/…` and `/agent-metrics/…` are below `/api`. */
export function todaysUrl({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  return LEGACY.test(url) ? `/api${url}` : url;
}
