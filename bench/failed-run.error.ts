/** What was measured cannot be believed or was not measured at all; the message says all there is to say. */
export class FailedRunError extends Error {
  override readonly name: string = 'FailedRunError';
}
