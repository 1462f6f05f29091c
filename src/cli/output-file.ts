import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/**
 * Writes text to a file, or to stdout. A file has its name only when all of it is there: what was begun before it failed
 * can't be taken for it.
 *
 * @param path undefined or `-`: stdout
 */
export async function writeText(text: AsyncIterable<string>, path = '-'): Promise<void> {
  if (path === '-') {
    await pipeline(text, process.stdout, { end: false });
    return;
  }
  const unfinished = `${path}.unfinished`;
  try {
    await pipeline(text, createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
