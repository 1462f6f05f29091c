import { Webhook } from 'standardwebhooks';
import { WEBHOOK_SECRET } from '../../common/index.js';
import { selectValidSecrets } from '../endpoints/secrets.js';

/** No stored secret is valid, because the row was edited manually. */
export class InvalidSecretsError extends Error {
  override readonly name = 'InvalidSecretsError';
}

/**
 * Headers of Standard Webhooks, with a signature by each secret that has not expired.
 *
 * @param secrets the stored value
 * @throws InvalidSecretsError
 */
export function signMessage(id: string, body: string, secrets: unknown, now: Date): Record<string, string> {
  const signatures = selectValidSecrets(secrets, now)
    .filter(({ secret }) => WEBHOOK_SECRET.test(secret))
    .map(({ secret }) => new Webhook(secret).sign(id, now, body));
  if (signatures.length === 0) throw new InvalidSecretsError();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
