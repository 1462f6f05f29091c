import { Webhook } from 'standardwebhooks';
import type { StoredSecret } from '../store/webhook-endpoint.entity.js';

/** Headers of Standard Webhooks, with a signature by each secret that has not expired. */
export function signMessage(
  id: string,
  body: string,
  secrets: readonly StoredSecret[],
  now: Date,
): Record<string, string> {
  const valid = secrets.filter(({ expires_at }) => expires_at === null || new Date(expires_at) > now);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': valid.map(({ secret }) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
