/** A row isn't as it was when it was read: another transaction got there first. The whole transaction runs again. */
export class ConcurrentChangeError extends Error {
  override readonly name = 'ConcurrentChangeError';
}
