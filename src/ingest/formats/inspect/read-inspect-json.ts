import type { FileItem } from '../../evaluation-case.js';
import { type OpenText, readJson } from '../../json/read-json.js';
import type { ReadOptions } from '../../options.js';
import { readContent } from '../../source/bytes.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { type InspectHeader, type InspectSample, selectLog } from './inspect-log.js';
import { readInspectLog } from './read-inspect-log.js';

const PASSES = 2;

/**
 * Reads the samples of an Inspect log in JSON.
 *
 * @throws ContentError if the file is not JSON or no Inspect log
 */
export async function* readInspectJson(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size * PASSES, options.onProgress);
  const openText: OpenText = () => decodeText(readContent(file, progress.add));
  yield* readInspectLog(
    { readHeader: (onSample) => readHeader(openText, onSample), samples: () => readSamples(openText) },
    options,
  );
}

async function readHeader(openText: OpenText, onSample: (sample: InspectSample) => void): Promise<InspectHeader> {
  const header: Record<string, unknown> = {};
  for await (const { path, value } of readJson(openText, selectLog)) {
    const [member = ''] = path;
    if (member === 'samples') onSample(value as InspectSample);
    else header[member] = value;
  }
  return header;
}

async function* readSamples(openText: OpenText): AsyncGenerator<InspectSample> {
  for await (const { path, value } of readJson(openText, selectLog)) {
    if (path[0] === 'samples') yield value as InspectSample;
  }
}
