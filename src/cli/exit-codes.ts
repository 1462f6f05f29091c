/** Something failed, or isn't as it should be. */
export const EXIT_FAILED = 1;
/** The command line can't be understood. */
export const EXIT_USAGE = 2;
