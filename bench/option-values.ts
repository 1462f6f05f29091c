import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { getErrorMessage } from '../src/common/error-message.js';

/** The command line cannot be used; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The values of the options, as `parseArgs` gives them.
 *
 * @throws UsageError for what is not an option, or lacks its value
 */
export function optionValues<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(getErrorMessage(error));
  }
}

/** @throws UsageError unless it is one of those */
export function oneOf<const Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: "${text}" is not one of ${words.join(', ')}`);
}

/** Without what stands there twice. */
export function list(text: string): string[] {
  return [...new Set(text.split(',').map((item) => item.trim()))];
}

/** @throws UsageError unless it is one from 1 to `most` */
export function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= 1 && number <= most) return number;
  throw new UsageError(`${option}: "${text}" is not a whole number from 1 to ${most}`);
}

/** @throws UsageError when nothing is named */
export function absolutePath(option: string, path: string): string {
  if (path === '') throw new UsageError(`${option} needs a path`);
  return resolve(path);
}

/**
 * Found out now and not after minutes of measuring.
 *
 * @throws UsageError when its folder cannot be written to
 */
export function writableFile(option: string, path: string): string {
  const file = absolutePath(option, path);
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`${option}: ${getErrorMessage(error)}`);
  }
  return file;
}
