import { validationFailed } from '../../common/index.js';

const PRINTABLE = /^[\x20-\x7e]{1,100}$/;

/** @throws DomainError `validation_failed` if the actor is not 1 to 100 printable ASCII characters */
export function validActor(actor: string): string {
  if (!PRINTABLE.test(actor)) {
    throw validationFailed([{ field: 'actor', detail: 'must be 1 to 100 printable ASCII characters' }]);
  }
  return actor;
}
