import type { RecognizedFile } from './detect-format.js';
import { inFile } from './errors.js';
import { findRun, type LmEvalRun, parseSamplesName, readResultsFile, toRun } from './formats/lm-eval/index.js';
import { readContent } from './source/bytes.js';
import type { EvaluationFile } from './source/evaluation-file.js';
import { decodeText } from './source/text.js';

/** Relations of files that are ingested together. */
export interface RelatedFiles {
  lmEvalRuns?: readonly LmEvalRun[];
  /** By file of results: the tasks whose samples are ingested too. */
  lmEvalTasks?: ReadonlyMap<EvaluationFile, ReadonlySet<string>>;
}

/**
 * Relates the results of lm-evaluation-harness to its samples: samples get model and time from the results, and tasks with
 * samples are not recorded from the results. Files that cannot be read are left to their reader.
 */
export async function relateFiles(files: readonly RecognizedFile[]): Promise<RelatedFiles> {
  const lmEval = files.filter(({ detected }) => detected.format === 'lm-eval');
  const samples = lmEval.filter(({ detected }) => detected.layout !== 'results');
  if (samples.length === 0 || samples.length === lmEval.length) return {};
  const runs = new Map<LmEvalRun, EvaluationFile>();
  for (const { file, detected } of lmEval) {
    if (detected.layout !== 'results') continue;
    const run = await describeRun(file);
    if (run !== null) runs.set(run, file);
  }
  const lmEvalRuns = [...runs.keys()];
  const lmEvalTasks = new Map<EvaluationFile, Set<string>>();
  for (const { file } of samples) {
    const named = parseSamplesName(file);
    const run = findRun(named, lmEvalRuns);
    const results = run === null ? undefined : runs.get(run);
    const task = named.task ?? (run?.tasks.length === 1 ? run.tasks[0] : undefined);
    if (results === undefined || task === undefined) continue;
    lmEvalTasks.set(results, (lmEvalTasks.get(results) ?? new Set()).add(task));
  }
  return { lmEvalRuns, lmEvalTasks };
}

async function describeRun(file: EvaluationFile): Promise<LmEvalRun | null> {
  try {
    return toRun(file, await readResultsFile(() => decodeText(readContent(file))));
  } catch (error) {
    if (inFile(file.name, error) === error) throw error;
    return null;
  }
}
