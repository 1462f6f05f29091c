import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import type { WebhookSettings } from '../options.js';
import { isPublicAddress, lookupPublic, PrivateAddressError } from './public-address.js';

/** Maximum size of the headers of a response, in bytes. */
const HEADERS_MAX_BYTES = 16_384;
/** Maximum size of the body of a response, in bytes, which is ignored. */
const BODY_MAX_BYTES = 65_536;
/** Maximum number of connections to a receiver. */
const CONNECTIONS_MAX = 16;

/** Response of a receiver. */
export interface ReceiverResponse {
  status: number;
  retryAfter: string | undefined;
}

/** HTTP client that sends to public addresses only, unless the settings allow others. Does not follow redirects. */
export class HttpClient {
  private readonly agent: Agent;

  constructor({ allowPrivate, timeoutMs: timeout }: WebhookSettings) {
    const connect = allowPrivate ? { timeout } : connectToPublic(buildConnector({ timeout, lookup: lookupPublic }));
    this.agent = new Agent({ connect, maxHeaderSize: HEADERS_MAX_BYTES, connections: CONNECTIONS_MAX, pipelining: 1 });
  }

  /** @throws Error if there is no response */
  async post(
    url: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<ReceiverResponse> {
    const response = await request(url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
    // The status decides. A body that does not end in time is not waited for.
    await response.body.dump({ limit: BODY_MAX_BYTES, signal }).catch(() => response.body.destroy());
    const { 'retry-after': retryAfter } = response.headers;
    return { status: response.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined };
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** Refuses addresses in URLs, which are not resolved, and checks the address of the connection. */
function connectToPublic(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !isPublicAddress(host)) {
      callback(new PrivateAddressError(host), null);
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error) {
        callback(error, null);
      } else if (isPublicAddress(socket.remoteAddress ?? '')) {
        callback(null, socket);
      } else {
        socket.destroy();
        callback(new PrivateAddressError(host), null);
      }
    });
  };
}
