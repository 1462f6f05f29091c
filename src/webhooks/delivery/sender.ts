import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { attemptChannel, getErrorMessage } from '../../common/index.js';
import { WEBHOOK_SETTINGS, type WebhookSettings } from '../options.js';
import type { StoredSecret } from '../store/index.js';
import { type SentMessage, toBody } from '../messages/message.js';
import type { HttpClient } from './http-client.js';
import { InvalidSecretsError, signMessage } from './signature.js';

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
  /** Loaded with the first message: CLI commands, which send none, need less memory. */
  private client: Promise<HttpClient> | null = null;

  constructor(@Inject(WEBHOOK_SETTINGS) private readonly settings: WebhookSettings) {}

  /** Sends a message once. Never throws: the result contains the failure. */
  async send(receiver: Receiver, message: SentMessage): Promise<Attempt> {
    const attempt = await this.post(receiver, message);
    attemptChannel.publish({ delivered: attempt.delivered });
    return attempt;
  }

  /** After the hooks in which the deliveries complete the messages that are being sent. */
  async onApplicationShutdown(): Promise<void> {
    await (await this.client)?.close();
  }

  private async post(receiver: Receiver, message: SentMessage): Promise<Attempt> {
    const client = await (this.client ??= this.load());
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
      const { status, retryAfter } = await client.post(receiver.url, headers, body, signal);
      const delivered = status >= 200 && status < 300;
      const error = delivered ? null : `The response status is ${status}.`;
      const retryAfterMs = delivered ? null : parseRetryAfter(retryAfter);
      return finish({ delivered, status_code: status, error, retryAfterMs });
    } catch (error) {
      const cause = signal.aborted
        ? `The receiver did not respond within ${this.settings.timeoutMs / 1_000} s.`
        : describe(error);
      return finish({ delivered: false, status_code: null, error: cause, retryAfterMs: null });
    }
  }

  private async load(): Promise<HttpClient> {
    const { HttpClient } = await import('./http-client.js');
    return new HttpClient(this.settings);
  }
}

function describe(error: unknown): string {
  if (error instanceof InvalidSecretsError) return 'The message was not signed: the stored secrets are invalid.';
  return `The connection failed: ${getErrorMessage(error)}.`.slice(0, ERROR_MAX_LENGTH).toWellFormed();
}

/** Seconds or a date. */
function parseRetryAfter(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : Math.max(0, time - Date.now());
}
