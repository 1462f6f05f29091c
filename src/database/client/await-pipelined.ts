/**
 * Awaits two promises of statements that were pipelined on one connection. After a failure in a transaction, all later
 * statements fail too, so that the first error is thrown.
 */
export async function awaitPipelined<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
