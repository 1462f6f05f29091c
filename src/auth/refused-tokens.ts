import { createHash } from 'node:crypto';

/** For how long a token that was refused is refused without being looked at. */
export const REFUSED_FOR_MS = 60_000;
/** Most that are remembered; the oldest is forgotten for a new one. */
const TOKENS_MAX = 10_000;

/** Tokens that can't become good any more, so that a flood of the same one costs no signature. */
export class RefusedTokens {
  /** By hash, in the order in which they were refused. */
  private readonly refusedAt = new Map<string, number>();

  /** @param now milliseconds since any moment */
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
