/** A measurement is missing or not credible. The message is complete. */
export class FailedRunError extends Error {
  override readonly name: string = 'FailedRunError';
}
