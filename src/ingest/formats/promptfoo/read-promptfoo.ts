import { IdentityCounter } from '../../case-id.js';
import { ContentError } from '../../errors.js';
import type { FileItem } from '../../evaluation-case.js';
import { parseLines } from '../../json/json-lines.js';
import { type OpenText, readJson } from '../../json/read-json.js';
import type { ReadOptions } from '../../options.js';
import { readContent } from '../../source/bytes.js';
import { hashContent, hashFirstLine } from '../../source/content-hash.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { readLines } from '../../source/lines.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { firstText, isRecord } from '../../values.js';
import { readNumber } from '../../quantities.js';
import { toPromptfooCase } from './promptfoo-case.js';
import { type PromptfooHeader, selectPromptfoo } from './promptfoo-file.js';

const PASSES = 2;
/** Version of the results from which each has an id. */
const VERSION_MIN = 3;

/**
 * Reads the results of a promptfoo export in JSON.
 *
 * @throws ContentError if the file is not JSON, or an export of version 2
 */
export async function* readPromptfooJson(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size * PASSES, options.onProgress);
  const openText: OpenText = () => decodeText(readContent(file, progress.add));
  const header = await readHeader(openText);
  const run = options.run ?? firstText(header.timestamp) ?? (await hashContent(file));
  const counter = new IdentityCounter();
  let number = 0;
  for await (const { path, value } of readJson(openText, selectPromptfoo)) {
    if (path.at(-1) !== '*' || !isRecord(value)) continue;
    number += 1;
    yield toPromptfooCase(value, `result ${number}`, header, run, counter);
  }
}

/** Reads the whole document, without its results. */
async function readHeader(openText: OpenText): Promise<PromptfooHeader> {
  const header: Record<string, unknown> = {};
  const found = { results: false };
  const isResults = (path: readonly string[]): boolean => path.at(-1) === '*';
  const select: typeof selectPromptfoo = (path) => {
    found.results ||= isResults(path) || path.join('.') === 'results.results';
    return isResults(path) ? 'skip' : selectPromptfoo(path);
  };
  for await (const { path, value } of readJson(openText, select)) header[path.at(-1) ?? ''] = value;
  const version = readNumber(header['version']);
  if ((version !== null && version < VERSION_MIN) || !found.results) {
    throw new ContentError(
      'is a promptfoo export with a table of outputs (version 2 or earlier), whose results have no ids; export it again with a current promptfoo',
    );
  }
  return header;
}

/** Reads the results of a promptfoo export in JSON Lines. */
export async function* readPromptfooLines(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size, options.onProgress);
  const run = options.run ?? `lines-${await hashFirstLine(file)}`;
  const counter = new IdentityCounter();
  for await (const line of parseLines(readLines(decodeText(readContent(file, progress.add))))) {
    if (line.kind === 'skipped') yield line;
    else yield toPromptfooCase(line.value, line.place, {}, run, counter);
  }
}
