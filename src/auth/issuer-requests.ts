import { getErrorMessage, parseJson } from '../common/index.js';

/** Timeout of a request, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** Time for which a failed request is not repeated, in milliseconds. */
export const ISSUER_PAUSE_MS = 10_000;

/** The issuer is unavailable. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** Requests to the issuer. After a failure, a URL is not requested again for ISSUER_PAUSE_MS. */
export class IssuerRequests {
  private readonly failures = new Map<string, { at: number; error: IssuerUnreachableError }>();
  private waiting = 0;

  /** @param now monotonic clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether a request is in progress. */
  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  /**
   * Fetches a JSON document.
   *
   * @param read parses the document; throws if it is invalid
   * @throws IssuerUnreachableError, immediately within ISSUER_PAUSE_MS after a failure
   */
  async get<T>(url: string, read: (body: unknown) => T): Promise<T> {
    const failure = this.failures.get(url);
    if (failure && this.now() - failure.at < ISSUER_PAUSE_MS) throw failure.error;
    this.waiting += 1;
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const result = read(parseJson(await response.text()));
      this.failures.delete(url);
      return result;
    } catch (cause) {
      const error = new IssuerUnreachableError(`${url} cannot be used: ${getErrorMessage(cause)}`, { cause });
      this.failures.set(url, { at: this.now(), error });
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }
}
