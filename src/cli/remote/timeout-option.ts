import { InvalidArgumentError } from 'commander';

/** Default of `--timeout`. */
export const TIMEOUT_SECONDS = 30;
const TIMEOUT_MAX_SECONDS = 600;

/** Parses `--timeout`. */
export function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(seconds > 0 && seconds <= TIMEOUT_MAX_SECONDS)) {
    throw new InvalidArgumentError(`It must be a number of seconds, at most ${TIMEOUT_MAX_SECONDS}.`);
  }
  return seconds;
}
