import type { IncomingMessage } from 'node:http';

/** Paths of the old backend without the prefix /api. */
const LEGACY = /^(https?:\/\/[^/?]+)?(\/(?:agent-metrics|custody)(?=[/?]|$).*)$/s;

/** Adds the prefix `/api` to `/custody/…` and `/agent-metrics/…`. */
export function toCurrentUrl({ url = '' }: Pick<IncomingMessage, 'url'>): string {
  // A request through a forward proxy has an absolute URL.
  return url.replace(LEGACY, '$1/api$2');
}
