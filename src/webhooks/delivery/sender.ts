import { isIP } from 'node:net';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, errors, request } from 'undici';
import { attemptChannel, getErrorMessage } from '../../common/index.js';
import { WEBHOOK_SETTINGS, type WebhookSettings } from '../options.js';
import type { StoredSecret } from '../store/webhook-endpoint.entity.js';
import { type SentMessage, toBody } from '../messages/message-types.js';
import { isPublicAddress, lookupPublic, PrivateAddressError } from './public-address.js';
import { InvalidSecretsError, signMessage } from './signature.js';

/** Maximum size of the headers of a response, in bytes. */
const HEADERS_MAX_BYTES = 16_384;
/** Maximum size of the body of a response, in bytes, which is ignored. */
const BODY_MAX_BYTES = 65_536;
/** Maximum length of the cause of a failure. */
const ERROR_MAX_LENGTH = 500;
const USER_AGENT = 'lvlup-agent-metrics';

/** Receiver of a message. */
export interface Receiver {
  url: string;
  secrets: readonly StoredSecret[];
}

/** Result of an attempt. */
export interface Attempt {
  /** Whether the status was 2xx. */
  delivered: boolean;
  /** HTTP status; null: no response. */
  status_code: number | null;
  /** Cause of the failure; null if it was delivered. */
  error: string | null;
  duration_ms: number;
  /** Time that the receiver asked to wait, in milliseconds. */
  retryAfterMs: number | null;
}

/** Sends messages according to Standard Webhooks. Does not follow redirects. */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(@Inject(WEBHOOK_SETTINGS) private readonly settings: WebhookSettings) {
    const { allowPrivate, timeoutMs } = settings;
    const timeout = timeoutMs;
    const connect = allowPrivate ? { timeout } : connectToPublic(buildConnector({ timeout, lookup: lookupPublic }));
    this.agent = new Agent({ connect, maxHeaderSize: HEADERS_MAX_BYTES, connections: 16, pipelining: 1 });
  }

  /** Sends a message once. Never throws: the result contains the failure. */
  async send(receiver: Receiver, message: SentMessage): Promise<Attempt> {
    const attempt = await this.post(receiver, message);
    attemptChannel.publish({ delivered: attempt.delivered });
    return attempt;
  }

  /** After the hooks in which the deliveries complete the messages that are being sent. */
  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async post(receiver: Receiver, message: SentMessage): Promise<Attempt> {
    const body = toBody(message);
    const startedAt = performance.now();
    const finish = (result: Omit<Attempt, 'duration_ms'>): Attempt => ({
      ...result,
      duration_ms: Math.round(performance.now() - startedAt),
    });
    const signal = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      const signature = signMessage(message.id, body, receiver.secrets, new Date());
      const headers = { 'content-type': 'application/json', 'user-agent': USER_AGENT, ...signature };
      const response = await request(receiver.url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
      const { statusCode } = response;
      // The status decides. A body that does not end in time is not waited for.
      await response.body.dump({ limit: BODY_MAX_BYTES, signal }).catch(() => response.body.destroy());
      if (statusCode >= 200 && statusCode < 300) {
        return finish({ delivered: true, status_code: statusCode, error: null, retryAfterMs: null });
      }
      const error = `The response status is ${statusCode}.`;
      const retryAfterMs = parseRetryAfter(response.headers['retry-after']);
      return finish({ delivered: false, status_code: statusCode, error, retryAfterMs });
    } catch (error) {
      const cause = signal.aborted
        ? `The receiver did not respond within ${this.settings.timeoutMs / 1_000} s.`
        : describe(error);
      return finish({ delivered: false, status_code: null, error: cause, retryAfterMs: null });
    }
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

function describe(error: unknown): string {
  if (error instanceof errors.ConnectTimeoutError) return 'The connection was not established in time.';
  if (error instanceof InvalidSecretsError) return 'The message was not signed: the stored secrets are invalid.';
  return `The connection failed: ${getErrorMessage(error)}.`.slice(0, ERROR_MAX_LENGTH).toWellFormed();
}

/** Seconds or a date. */
function parseRetryAfter(value: string | string[] | undefined): number | null {
  if (typeof value !== 'string') return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : Math.max(0, time - Date.now());
}
