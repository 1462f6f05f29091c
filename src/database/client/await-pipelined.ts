import { isTransactionAborted } from '../errors/index.js';

/**
 * Awaits two promises of statements that were pipelined on one connection. After a failure in a transaction, all later
 * statements fail, too: the error of the statement that failed itself is thrown, whichever promise has it.
 */
export async function awaitPipelined<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const [one, other] = await Promise.allSettled([first, second]);
  if (one.status === 'rejected' && other.status === 'rejected' && isTransactionAborted(one.reason)) throw other.reason;
  return [await first, await second];
}
