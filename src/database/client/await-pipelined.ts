/**
 * Waits for both of two pieces of work that were sent to one connection together. When a statement fails in a
 * transaction, so does every one behind it: only the first error tells why.
 */
export async function awaitPipelined<First, Second>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
