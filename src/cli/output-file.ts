import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { print } from './stdout.js';

/**
 * Writes text to a file, or to stdout. The file is renamed to its path when it is complete, so that a partial file is never
 * mistaken for it. Special files, such as /dev/null or a pipe, are written directly.
 *
 * @param path `-`: stdout
 * @throws StdoutError, or the error of the file
 */
export async function writeText(text: AsyncIterable<string>, path = '-'): Promise<void> {
  if (path === '-') {
    for await (const part of text) await print(part);
    return;
  }
  if (await isSpecialFile(path)) {
    await pipeline(text, createWriteStream(path));
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

async function isSpecialFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => !entry.isFile(),
    () => false,
  );
}
