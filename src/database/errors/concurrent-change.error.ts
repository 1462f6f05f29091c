/** Another transaction changed a row after it was read. The whole transaction is repeated. */
export class ConcurrentChangeError extends Error {
  override readonly name = 'ConcurrentChangeError';
}
