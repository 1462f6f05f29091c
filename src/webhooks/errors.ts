import { DomainError } from '../common/index.js';

export function webhookNotFound(id: string): DomainError {
  return new DomainError('webhook_not_found', `There is no webhook endpoint ${JSON.stringify(id)}.`);
}
