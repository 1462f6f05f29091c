/** What was measured can't be believed or wasn't measured at all; the message says all there is to say. */
export class FailedRunError extends Error {
  override readonly name: string = 'FailedRunError';
}
