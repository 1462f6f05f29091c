import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EvaluationFileError } from '../errors.js';
import { createCopyFolder } from './copy-folders.js';

/** A file that can be read several times. */
export interface EvaluationFile {
  /** Name for messages. */
  name: string;
  /** Name without folders; formats may have the task in it. */
  baseName: string;
  path: string;
  /** Bytes. */
  size: number;
  /** Deletes the copy, if it is one. */
  dispose(): Promise<void>;
}

/**
 * Opens a file; `-` is stdin. Streams (stdin, pipes) are copied to a temporary file, because readers need several passes.
 *
 * @throws EvaluationFileError if there is no such file
 */
export async function openEvaluationFile(
  path: string,
  stdin: AsyncIterable<Uint8Array> = process.stdin,
): Promise<EvaluationFile> {
  if (path === '-') return spoolEvaluationFile(stdin, 'stdin');
  const { size, kind } = await inspect(path);
  if (kind === 'folder') throw new EvaluationFileError(path, 'is a folder; name its files');
  if (kind === 'device') throw new EvaluationFileError(path, 'is a device, not a file');
  if (kind === 'stream') return spoolEvaluationFile(createReadStream(path), path);
  return { name: path, baseName: basename(path), path, size, dispose: () => Promise.resolve() };
}

type Kind = 'file' | 'folder' | 'device' | 'stream';

async function inspect(path: string): Promise<{ size: number; kind: Kind }> {
  try {
    const stats = await stat(path);
    return { size: stats.size, kind: kindOf(stats) };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be opened';
    throw new EvaluationFileError(path, reason, null, { cause: error });
  }
}

/** Devices such as /dev/zero have no end. */
function kindOf(stats: Stats): Kind {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'stream';
}

/**
 * Copies a stream to a temporary file. Call `dispose` to delete it.
 *
 * @param name name for messages
 */
export async function spoolEvaluationFile(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  baseName = name,
): Promise<EvaluationFile> {
  const folder = await createCopyFolder();
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'file');
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
    return { name, baseName: basename(baseName), path, size: (await stat(path)).size, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
