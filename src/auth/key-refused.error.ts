/** A key can't be made, changed or found, for the reason given. */
export class KeyRefusedError extends Error {
  override readonly name = 'KeyRefusedError';
}
