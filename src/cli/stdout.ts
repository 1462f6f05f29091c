import { getErrorMessage } from '../common/index.js';

/** Thrown when what a command says can't be written: a full disk, or a reader that is gone. */
export class StdoutError extends Error {
  override readonly name = 'StdoutError';

  constructor(cause: unknown) {
    super(`The result can't be written to stdout: ${getErrorMessage(cause)}`, { cause });
  }
}

// Without a listener Node ends with a stack trace. Who prints learns it from `print`, and the end of the command from
// `allPrinted`. What is lost on stderr is lost, as there is nowhere to say so.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

let printed: Promise<void> = Promise.resolve();

/**
 * Writes to stdout.
 *
 * @throws StdoutError when that fails. Who doesn't wait for it needn't: `allPrinted` throws it as well
 */
export function print(text: string): Promise<void> {
  const written = new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(new StdoutError(error));
      else resolve();
    });
  });
  printed = Promise.all([printed, written]).then(() => undefined);
  printed.catch(() => undefined);
  return written;
}

/**
 * Waits until all is written that was printed so far.
 *
 * @throws StdoutError the first of those with which that failed
 */
export function flushStdout(): Promise<void> {
  return printed;
}
