import { expect } from '@jest/globals';
import { type HostApp, type HostOptions, type HostResponse, PLATFORMS, startHostApp } from '../../support/host-app.js';
import { stopClock } from '../../support/stopped-clock.js';

/** Headers that the controllers set. */
const HEADERS = [
  'cache-control',
  'content-type',
  'deprecation',
  'idempotency-replayed',
  'link',
  'retry-after',
  'www-authenticate',
] as const;

/** The same application on Fastify and on Express, each with a database of its own. */
export interface BothPlatforms {
  hosts: HostApp[];
  /** Sends the request to both, and expects the same status, body and headers. Returns the response of Fastify. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HostResponse>;
  close(): Promise<void>;
}

export async function startBothPlatforms(options: HostOptions): Promise<BothPlatforms> {
  const hosts = await Promise.all(PLATFORMS.map((platform) => startHostApp(platform, options)));
  const now = new Date();
  for (const { app } of hosts) stopClock(app, now);
  return {
    hosts,
    send: async (...request) => {
      const [fastify, express] = await Promise.all(hosts.map((host) => host.send(...request)));
      if (!fastify || !express) throw new Error('one host for each platform');
      expect(toComparable(express, fastify)).toEqual(toComparable(fastify, fastify));
      return fastify;
    },
    close: async () => {
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}

/** Express adds a weak entity tag to responses without one. */
function toComparable({ status, headers, text }: HostResponse, fastify: HostResponse) {
  const etag = fastify.headers.has('etag') ? headers.get('etag') : null;
  if (etag === null) expect(headers.get('etag') ?? 'W/').toMatch(/^W\//);
  return {
    status,
    text: withoutIdentity(text),
    etag: etag?.replace(/-[0-9a-f]{8}"$/, '-<checksum>"') ?? null,
    ...Object.fromEntries(HEADERS.map((name) => [name, headers.get(name)])),
  };
}

/** Replaces times and what depends on the random ids of agents. */
function withoutIdentity(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/"ledger_hash":"[0-9a-f]{64}"/g, '"ledger_hash":"<hash>"')
    .replace(/"next_cursor":"[\w-]+"/g, '"next_cursor":"<cursor>"');
}
