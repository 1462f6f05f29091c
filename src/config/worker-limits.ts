import type { z } from 'zod';

/** Maximum number of workers. */
export const WORKERS_MAX = 64;

/** Limits of the whole instance that the workers share, and of which each needs at least one. */
const SHARED = ['CONNECTION_POOL_SIZE', 'COMMIT_QUEUE_SIZE', 'MAX_CONNECTIONS', 'FEED_MAX_READERS'] as const;

/** Refuses limits of which a worker would have no share. */
export function refuseSmallShares(
  env: Readonly<Record<(typeof SHARED)[number] | 'WORKERS', number>>,
  context: z.core.$RefinementCtx,
): void {
  for (const name of SHARED) {
    if (env.WORKERS === 1 || env[name] >= env.WORKERS) continue;
    context.addIssue({ code: 'custom', path: [name], message: 'must be at least WORKERS, whose processes share it' });
  }
}
