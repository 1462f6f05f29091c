import { createHash } from 'node:crypto';

/** Time for which a refused token is refused without verification, in milliseconds. */
export const REFUSED_FOR_MS = 60_000;
/** Maximum number of cached tokens. A new one replaces the oldest. */
const TOKENS_MAX = 10_000;

/** Cache of permanently invalid tokens, which saves the verification of repeated ones. */
export class RefusedTokens {
  /** By hash, in the order in which they were refused. */
  private readonly refusedAt = new Map<string, number>();

  /** @param now monotonic clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  has(token: string): boolean {
    const at = this.refusedAt.get(hashToken(token));
    return at !== undefined && this.now() - at < REFUSED_FOR_MS;
  }

  add(token: string): void {
    const hash = hashToken(token);
    this.refusedAt.delete(hash);
    this.refusedAt.set(hash, this.now());
    const [oldest] = this.refusedAt.keys();
    if (this.refusedAt.size > TOKENS_MAX && oldest !== undefined) this.refusedAt.delete(oldest);
  }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
