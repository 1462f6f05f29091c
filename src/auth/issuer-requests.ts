import { getErrorMessage, parseJson } from '../common/index.js';

/** How long an answer may take. */
const TIMEOUT_MS = 5_000;
/** For how long nothing is asked again that couldn't be had. */
export const ISSUER_PAUSE_MS = 10_000;

/** What the issuer publishes can't be had now. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

/** Reads what the issuer publishes; a failure stands for a while, however many tokens would have it asked again. */
export class IssuerRequests {
  private readonly failures = new Map<string, { at: number; error: IssuerUnreachableError }>();
  private waiting = 0;

  /** @param now milliseconds since any moment */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether an answer is being waited for. */
  get isWaiting(): boolean {
    return this.waiting > 0;
  }

  /**
   * The JSON at this address.
   *
   * @param read takes what is needed of it; throws when it isn't what it should be
   * @throws IssuerUnreachableError, at once while the failure before is less than ISSUER_PAUSE_MS ago
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
      if (!response.ok) throw new Error(`it answers ${response.status}`);
      const result = read(parseJson(await response.text()));
      this.failures.delete(url);
      return result;
    } catch (cause) {
      const error = new IssuerUnreachableError(`${url} can't be used: ${getErrorMessage(cause)}`, { cause });
      this.failures.set(url, { at: this.now(), error });
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }
}
