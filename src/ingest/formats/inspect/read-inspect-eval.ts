import { ContentError } from '../../errors.js';
import type { FileItem } from '../../evaluation-case.js';
import type { Selection } from '../../json/json-reader.js';
import { readJson } from '../../json/read-json.js';
import type { ReadOptions } from '../../options.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { asRecord } from '../../values.js';
import { Archive, type ArchiveEntry } from '../../zip/archive.js';
import { type InspectHeader, type InspectSample, selectHeader, selectSample } from './inspect-log.js';
import { readInspectLog } from './read-inspect-log.js';

const PASSES = 2;
/** A sample in one entry, or the main part of a sample in several entries. Ids of samples may contain slashes. */
const SAMPLE = /^samples\/.*_epoch_\d+(?:\.json|\/sample\.json)$/s;
/**
 * Headers by layout: a finished log, a log that was not finished, and both in the first releases, which had the results in an
 * entry of their own.
 */
const HEADERS = ['header.json', '_journal/start.json', 'start.json'];
const RESULTS = 'results.json';

/**
 * Reads the samples of an Inspect log in the `.eval` format, a zip archive.
 *
 * @throws ContentError if the archive is damaged or no Inspect log
 */
export async function* readInspectEval(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const isWanted = (name: string): boolean => SAMPLE.test(name) || name === RESULTS || HEADERS.includes(name);
  const archive = await Archive.open(file, isWanted);
  try {
    const progress = new ReadProgress(file.size * PASSES, options.onProgress);
    const samples = archive.entries.filter(({ name }) => SAMPLE.test(name));
    const read = (entry: ArchiveEntry, select: Selection): Promise<unknown> =>
      readEntry(archive, entry, select, progress);
    const readSamples = async function* (): AsyncGenerator<InspectSample> {
      for (const entry of samples) yield asRecord(await read(entry, selectSample));
    };
    yield* readInspectLog(
      {
        readHeader: async (onSample) => {
          const header = await readHeader(archive, (entry) => read(entry, selectHeader));
          for await (const sample of readSamples()) onSample(sample);
          return header;
        },
        samples: readSamples,
      },
      options,
    );
  } finally {
    archive.close();
  }
}

async function readHeader(archive: Archive, read: (entry: ArchiveEntry) => Promise<unknown>): Promise<InspectHeader> {
  const find = (name: string): ArchiveEntry | undefined => archive.entries.find((entry) => entry.name === name);
  const [finished, started, first] = HEADERS.map(find);
  const entry = finished ?? started ?? first;
  if (entry === undefined)
    throw new ContentError('is not an Inspect log: it has no header.json and no _journal/start.json');
  const header = asRecord(await read(entry));
  if (finished) return header;
  const results = first === undefined ? undefined : find(RESULTS);
  return { status: 'started', ...header, ...(results ? asRecord(await read(results)) : {}) };
}

async function readEntry(
  archive: Archive,
  entry: ArchiveEntry,
  select: Selection,
  progress: ReadProgress,
): Promise<unknown> {
  let root: unknown;
  try {
    const openText = (): AsyncIterable<string> => decodeText(archive.read(entry, progress.add));
    for await (const { path, value } of readJson(openText, select)) if (path.length === 0) root = value;
  } catch (error) {
    if (!(error instanceof ContentError) || error.position === null) throw error;
    const { line, column } = error.position;
    const place = `${JSON.stringify(entry.name.slice(0, 200))}, line ${line}, column ${column}`;
    throw new ContentError(`${error.message} (${place})`, null, { cause: error });
  }
  return root;
}
