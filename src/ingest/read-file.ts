import { detectFormat, type DetectedFormat, type RecognizedFile } from './detect-format.js';
import { inFile } from './errors.js';
import type { EvaluationFormat, FileItem } from './evaluation-case.js';
import { readEveryEvalEverJson, readEveryEvalEverLines } from './formats/every-eval-ever/index.js';
import { readInspectEval, readInspectJson } from './formats/inspect/index.js';
import { readJUnit } from './formats/junit/index.js';
import { readLmEvalArray, readLmEvalLines, readLmEvalResults } from './formats/lm-eval/index.js';
import { readPromptfooJson, readPromptfooLines } from './formats/promptfoo/index.js';
import type { ReadOptions } from './options.js';
import type { RelatedFiles } from './related-files.js';
import type { EvaluationFile } from './source/evaluation-file.js';

/**
 * Detects the format of a file.
 *
 * @param format the format; default: by the content
 * @throws EvaluationFileError if it is none of the known formats
 */
export async function recognizeFile(file: EvaluationFile, format?: EvaluationFormat): Promise<RecognizedFile> {
  try {
    return { file, detected: await detectFormat(file, format) };
  } catch (error) {
    throw inFile(file.name, error);
  }
}

/**
 * Reads the cases of a file. Documents that are damaged are refused before the first case is returned; of JSON Lines, the
 * damaged lines are skipped.
 *
 * @throws EvaluationFileError if the file is refused
 */
export async function* readEvaluationFile(
  { file, detected }: RecognizedFile,
  options: ReadOptions = {},
  related: RelatedFiles = {},
): AsyncGenerator<FileItem> {
  try {
    yield* open(file, detected, options, related);
  } catch (error) {
    throw inFile(file.name, error);
  }
}

function open(
  file: EvaluationFile,
  { format, layout }: DetectedFormat,
  options: ReadOptions,
  { lmEvalRuns, lmEvalTasks }: RelatedFiles,
): AsyncIterable<FileItem> {
  switch (format) {
    case 'junit':
      return readJUnit(file, options);
    case 'inspect':
      return layout === 'zip' ? readInspectEval(file, options) : readInspectJson(file, options);
    case 'promptfoo':
      return layout === 'lines' ? readPromptfooLines(file, options) : readPromptfooJson(file, options);
    case 'lm-eval':
      if (layout === 'results') return readLmEvalResults(file, options, lmEvalTasks?.get(file));
      return layout === 'array'
        ? readLmEvalArray(file, options, lmEvalRuns)
        : readLmEvalLines(file, options, lmEvalRuns);
    case 'every-eval-ever':
      return layout === 'lines' ? readEveryEvalEverLines(file, options) : readEveryEvalEverJson(file, options);
  }
}
