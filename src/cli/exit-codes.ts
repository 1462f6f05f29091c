/** Failure, or differences or invalid items were found. */
export const EXIT_FAILED = 1;
/** Invalid command line. */
export const EXIT_USAGE = 2;
