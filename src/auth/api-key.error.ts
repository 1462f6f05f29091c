/** An API key cannot be created, changed or found. The message gives the reason. */
export class ApiKeyError extends Error {
  override readonly name = 'KeyRefusedError';
}
