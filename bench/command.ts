import { FailedRunError } from './failed-run.error.js';
import { UsageError } from './option-values.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Runs a benchmark with the command line's arguments, and says by the exit code how that went. */
export function runCommand(usage: string, run: (args: string[]) => Promise<void>): void {
  // Exits without more ado: what was started goes with this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT_FAILED));
  run(process.argv.slice(2)).catch((error: unknown) => {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`);
      process.exitCode = EXIT_USAGE;
    } else {
      console.error(error instanceof FailedRunError ? error.message : error);
      process.exitCode = EXIT_FAILED;
    }
  });
}
