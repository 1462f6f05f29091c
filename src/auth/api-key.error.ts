/** A key can't be made, changed or found, for the reason given. */
export class ApiKeyError extends Error {
  override readonly name = 'KeyRefusedError';
}
