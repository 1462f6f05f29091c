import { IdentityCounter } from '../../case-id.js';
import { ContentError } from '../../errors.js';
import { type FileItem, skip } from '../../evaluation-case.js';
import { parseLines } from '../../json/json-lines.js';
import type { Selection } from '../../json/json-reader.js';
import { type OpenText, readJson } from '../../json/read-json.js';
import type { ReadOptions } from '../../options.js';
import { readContent } from '../../source/bytes.js';
import { hashContent, hashFirstLine } from '../../source/content-hash.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { readLines } from '../../source/lines.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { asArray, isRecord } from '../../values.js';
import { toAggregateCase } from './aggregate-case.js';
import { toInstanceCase } from './instance-case.js';

const PASSES = 2;
const RESULTS = 'evaluation_results';
/** Members of a sample that are not read. */
const UNREAD = ['input', 'output', 'messages'];

/** Selects the members of one document, and its results one by one. */
const selectDocument: Selection = ([member, ...rest]) => {
  if (member === undefined || (member === RESULTS && rest.length === 0)) return 'enter';
  return UNREAD.includes(member) ? 'skip' : 'keep';
};
/** Selects the records of an array. */
const selectArray: Selection = ([, member]) => (member === undefined || !UNREAD.includes(member) ? 'keep' : 'skip');

/**
 * Reads one aggregate document, one record of a sample, or an array of either.
 *
 * @throws ContentError if the file is not JSON
 */
export async function* readEveryEvalEverJson(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size * PASSES, options.onProgress);
  const openText: OpenText = () => decodeText(readContent(file, progress.add));
  const header = Object.create(null) as Record<string, unknown>;
  const found = { array: false };
  const select: Selection = (path) => {
    found.array ||= path[0] === '*';
    return path[0] === '*' || (path[0] === RESULTS && path.length > 1) ? 'skip' : selectDocument(path);
  };
  for await (const { path, value } of readJson(openText, select)) header[path.join('.')] = value;
  const run = options.run ?? (await hashContent(file));
  const counter = new IdentityCounter();
  if ('sample_id' in header) {
    yield toInstanceCase(header, 'the sample', counter, run, options.passMark);
    return;
  }
  if (found.array) {
    const selectItems: Selection = (path) => (path.length === 0 ? 'enter' : selectArray(path));
    for await (const { value, index } of readJson(openText, selectItems)) {
      yield* convert(value, `record ${index + 1}`, counter, run, options);
    }
    return;
  }
  if (header['model_info'] === undefined)
    throw new ContentError('is no record of every_eval_ever: it has no model_info');
  for await (const { path, value, index } of readJson(openText, selectDocument)) {
    if (path[0] !== RESULTS || !isRecord(value)) continue;
    yield toAggregateCase(header, value, `result ${index + 1}`, counter, run, options.passMark);
  }
}

/** Reads records of samples, or aggregate documents, in JSON Lines. */
export async function* readEveryEvalEverLines(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size, options.onProgress);
  const run = options.run ?? `lines-${await hashFirstLine(file)}`;
  const counter = new IdentityCounter();
  for await (const line of parseLines(readLines(decodeText(readContent(file, progress.add))))) {
    if (line.kind === 'skipped') yield line;
    else yield* convert(line.value, line.place, counter, run, options);
  }
}

function* convert(
  record: unknown,
  place: string,
  counter: IdentityCounter,
  run: string,
  { passMark }: ReadOptions,
): Generator<FileItem> {
  if (!isRecord(record)) yield skip(place, 'malformed', 'the record is not a JSON object');
  else if (RESULTS in record) {
    for (const [index, result] of asArray(record[RESULTS]).entries()) {
      if (isRecord(result))
        yield toAggregateCase(record, result, `${place}, result ${index + 1}`, counter, run, passMark);
    }
  } else if ('sample_id' in record || 'evaluation' in record) {
    yield toInstanceCase(record, place, counter, run, passMark);
  } else yield skip(place, 'malformed', 'the record has neither evaluation_results nor sample_id');
}
