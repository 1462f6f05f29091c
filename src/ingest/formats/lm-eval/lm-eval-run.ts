import { basename, dirname } from 'node:path';
import { readTimestamp } from '../../quantities.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';

/** Time in the names of the files of a run: 2026-01-21T03-44-18.458309 */
const TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}(?:\.\d+)?`;
const SAMPLES_NAME = new RegExp(String.raw`^samples_(.+)_(${TIME})\.jsonl?(?:\.gz)?$`);
const RESULTS_NAME = new RegExp(String.raw`^results_(${TIME})\.json(?:\.gz)?$`);

/** Facts in the names of a file of samples and its folder. */
export interface NamedSamples {
  task: string | null;
  date: string | null;
  model: string | null;
}

/** Reads `MODEL/samples_TASK_TIME.jsonl`. The folder has the name of the model with `__` for `/`. */
export function parseSamplesName(file: EvaluationFile): NamedSamples {
  const match = SAMPLES_NAME.exec(file.baseName);
  if (!match) return { task: null, date: null, model: null };
  const folder = basename(dirname(file.name));
  return {
    task: match[1] ?? null,
    date: match[2] ?? null,
    model: folder.includes('__') ? folder.replaceAll('__', '/') : null,
  };
}

/** Time in the name of a file of results. */
export function parseResultsName(file: EvaluationFile): string | null {
  return RESULTS_NAME.exec(file.baseName)?.[1] ?? null;
}

/** Time of a file name as a date. */
export function toDate(date: string | null): Date | null {
  if (date === null) return null;
  return readTimestamp(date.replace(/T(\d{2})-(\d{2})-(\d{2})/, 'T$1:$2:$3').replace(/(\.\d{3})\d+$/, '$1'));
}

/** A file of results that was given together with files of samples. */
export interface LmEvalRun {
  /** Time in its name. */
  fileDate: string | null;
  date: string | null;
  model: string | null;
  tasks: readonly string[];
}

/** The run of a file of samples: by the time in the names, else the only run. */
export function findRun({ date, task }: NamedSamples, runs: readonly LmEvalRun[]): LmEvalRun | null {
  const dated = date === null ? undefined : runs.find((run) => run.fileDate === date);
  if (dated) return dated;
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0) return null;
  // Files with times in their names belong together only if the times are equal.
  if (date !== null && only.fileDate !== null) return null;
  return task === null || only.tasks.includes(task) ? only : null;
}
