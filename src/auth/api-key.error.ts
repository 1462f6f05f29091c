/**
 * Reason of an ApiKeyError. `invalid`: a property of the request is invalid. `exists`: a current key has the name.
 * `not_found`: no current key has the name.
 */
export type ApiKeyFault = 'invalid' | 'exists' | 'not_found';

/** An API key cannot be created, changed or found. The message gives the reason. */
export class ApiKeyError extends Error {
  override readonly name = 'KeyRefusedError';

  constructor(
    message: string,
    readonly fault: ApiKeyFault,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
