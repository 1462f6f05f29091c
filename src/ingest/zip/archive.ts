import * as yauzl from 'yauzl';
import { pipeline, type Readable } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { crc32, createInflateRaw } from 'node:zlib';
import { ContentError } from '../errors.js';
import type { EvaluationFile } from '../source/evaluation-file.js';
import { EXPANSION_LIMITS, ExpansionGuard } from '../source/expansion-guard.js';
import { assertNoOverlap } from './overlap.js';
import { decompressZstd } from './zstd.js';

/** Limits of an archive. */
export const ARCHIVE_LIMITS = {
  entries: 1_000_000,
  /** Bytes of content of one entry. */
  entry: 4 * 1024 ** 3,
  name: 4096,
} as const;

const STORED = 0;
const DEFLATE = 8;
const ZSTD = 93;

export interface ArchiveEntry {
  name: string;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  dataStart: number;
}

/** A zip archive whose directory has been checked. Nothing is extracted to disk. */
export class Archive {
  private constructor(
    private readonly zip: yauzl.ZipFile,
    /** The entries that were asked for, in the order of the directory. Of two with the same name, the last. */
    readonly entries: readonly ArchiveEntry[],
  ) {}

  /**
   * Opens an archive and reads its directory.
   *
   * @param isWanted whether an entry of this name will be read
   * @throws ContentError if the archive is damaged, encrypted, or like a decompression bomb
   */
  static async open(file: EvaluationFile, isWanted: (name: string) => boolean): Promise<Archive> {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    const zip = await yauzl.openPromise(file.path, options).catch(refuseDamaged);
    try {
      return new Archive(zip, await readDirectory(zip, file.size, isWanted));
    } catch (error) {
      zip.close();
      return refuseDamaged(error);
    }
  }

  close(): void {
    this.zip.close();
  }

  /**
   * Reads an entry. Its size and checksum are verified.
   *
   * @param onRead called with the number of compressed bytes
   * @throws ContentError
   */
  async *read(entry: ArchiveEntry, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
    const guard = new ExpansionGuard(entry.compressedSize);
    let size = 0;
    let checksum = 0;
    try {
      for await (const chunk of this.decompress(entry)) {
        guard.add(chunk.length);
        size += chunk.length;
        if (size > entry.size) throw new ContentError(`has the entry ${show(entry)}, which is longer than declared`);
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      refuseDamaged(error, entry);
    }
    onRead?.(entry.compressedSize);
    if (size !== entry.size) throw new ContentError(`has the entry ${show(entry)}, which is shorter than declared`);
    if (checksum !== entry.crc) throw new ContentError(`has the entry ${show(entry)}, whose checksum is wrong`);
  }

  private async *decompress(entry: ArchiveEntry): AsyncGenerator<Buffer> {
    const compressed = await this.openCompressed(entry);
    try {
      if (entry.method === ZSTD) yield* decompressZstd(compressed);
      else if (entry.method === DEFLATE) {
        yield* pipeline(
          compressed,
          createInflateRaw({ chunkSize: 64 * 1024 }),
          () => undefined,
        ) as AsyncIterable<Buffer>;
      } else yield* compressed as AsyncIterable<Buffer>;
    } finally {
      compressed.destroy();
    }
  }

  private openCompressed({ dataStart, compressedSize }: ArchiveEntry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.zip.openReadStreamLowLevel(dataStart, compressedSize, 0, compressedSize, false, null, (error, stream) => {
        if (error) reject(error);
        else resolve(stream);
      });
    });
  }
}

async function readDirectory(
  zip: yauzl.ZipFile,
  fileSize: number,
  isWanted: (name: string) => boolean,
): Promise<ArchiveEntry[]> {
  if (zip.entryCount > ARCHIVE_LIMITS.entries) {
    throw new ContentError(`has more than ${ARCHIVE_LIMITS.entries} entries`);
  }
  const wanted = new Map<string, yauzl.Entry>();
  const starts: number[] = [];
  const ends: number[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = readName(entry);
    assertHarmless(entry, name);
    starts.push(entry.relativeOffsetOfLocalHeader);
    ends.push(entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameLength + entry.compressedSize);
    if (!isWanted(name)) continue;
    assertReadable(entry, name);
    total += entry.uncompressedSize;
    if (total > EXPANSION_LIMITS.total) throw new ContentError(`expands to more than ${EXPANSION_LIMITS.total} bytes`);
    wanted.set(name, entry);
  }
  assertNoOverlap(starts, ends, fileSize);
  const entries: ArchiveEntry[] = [];
  for (const [name, entry] of wanted) entries.push(await toArchiveEntry(zip, name, entry));
  return entries;
}

async function toArchiveEntry(zip: yauzl.ZipFile, name: string, entry: yauzl.Entry): Promise<ArchiveEntry> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const { compressionMethod, compressedSize, uncompressedSize, crc32: crc } = entry;
  return { name, method: compressionMethod, crc, compressedSize, size: uncompressedSize, dataStart: fileDataStart };
}

function readName(entry: yauzl.Entry): string {
  if (entry.fileNameLength > ARCHIVE_LIMITS.name) throw new ContentError('has an entry with a name that is too long');
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

/** Checks of entries that are not read either. */
function assertHarmless(entry: yauzl.Entry, name: string): void {
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > ARCHIVE_LIMITS.entry)
    throw new ContentError(`has the entry ${show({ name })}, which is too large`);
  if (uncompressedSize > EXPANSION_LIMITS.free && uncompressedSize > compressedSize * EXPANSION_LIMITS.ratio) {
    throw new ContentError(
      `has the entry ${show({ name })}, which expands to more than ${EXPANSION_LIMITS.ratio} times its size`,
    );
  }
}

function assertReadable(entry: yauzl.Entry, name: string): void {
  if (entry.isEncrypted()) throw new ContentError(`has the entry ${show({ name })}, which is encrypted`);
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (![STORED, DEFLATE, ZSTD].includes(compressionMethod)) {
    throw new ContentError(`has the entry ${show({ name })} with the unknown compression ${compressionMethod}`);
  }
  if (compressionMethod === STORED && compressedSize !== uncompressedSize) {
    throw new ContentError(`has the entry ${show({ name })} with two different sizes`);
  }
}

function show({ name }: { name: string }): string {
  return JSON.stringify(name.slice(0, 200));
}

/** Converts errors of zip and zlib; passes on errors of the file system. */
function refuseDamaged(error: unknown, entry?: ArchiveEntry): never {
  if (error instanceof ContentError || !isNativeError(error)) throw error;
  // Errors of the file system.
  if (/^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code))) throw error;
  const part = entry === undefined ? '' : ` in ${show(entry)}`;
  throw new ContentError(`is a damaged zip archive${part}: ${error.message.replace(/\.$/, '')}`, null, {
    cause: error,
  });
}
