/** stdout cannot be written, such as on a full disk or a closed pipe. */
export class StdoutError extends Error {
  override readonly name = 'StdoutError';

  constructor(cause: Error) {
    super(`The result cannot be written to stdout: ${cause.message}`, { cause });
  }
}

// Without a listener, Node would exit with a stack trace. Errors of stdout are reported by `print` and `flushStdout`; errors
// of stderr cannot be reported.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

let printed: Promise<void> = Promise.resolve();

/**
 * Writes to stdout. The result may be ignored, because `flushStdout` throws the same error.
 *
 * @throws StdoutError
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
 * Waits until everything that was printed is written.
 *
 * @throws StdoutError the first error of `print`
 */
export function flushStdout(): Promise<void> {
  return printed;
}
