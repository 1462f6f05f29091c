/** Failure, or differences or invalid items were found. */
export const EXIT_FAILED = 1;
/** Invalid command line. */
export const EXIT_USAGE = 2;
/** The CLI command cannot give a result that its other exit codes express. */
export const EXIT_ERROR = 2;

/** Failure of a CLI command with an exit code other than EXIT_FAILED. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exitCode: number,
    override readonly cause: unknown,
  ) {
    super('the command failed', { cause });
  }
}
