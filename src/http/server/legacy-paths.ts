import type { IncomingMessage } from 'node:http';

/** The paths that some clients of the old backend use, with nothing before them. */
const LEGACY = /^(https?:\/\/[^/?]+)?(\/(?:agent-metrics|custody)(?=[/?]|$).*)$/s;

/** The URL that the API has for a request's: `/custody/…` and `/agent-metrics/…` are below `/api`. */
export function toCurrentUrl({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  // Through a forward proxy a request names the host too.
  return url.replace(LEGACY, '$1/api$2');
}
