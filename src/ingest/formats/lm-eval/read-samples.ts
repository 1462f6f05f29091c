import { caseId, IdentityCounter, type IdPart } from '../../case-id.js';
import { drain } from '../../drain.js';
import { type FileItem, skip } from '../../evaluation-case.js';
import { parseLines } from '../../json/json-lines.js';
import type { Selection } from '../../json/json-reader.js';
import { readJson } from '../../json/read-json.js';
import { DEFAULT_PASS_MARK, type ReadOptions } from '../../options.js';
import { readTimestamp } from '../../quantities.js';
import { readContent } from '../../source/bytes.js';
import { hashContent, hashFirstLine } from '../../source/content-hash.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { readLines } from '../../source/lines.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { outcomeOf, toCase } from '../../to-case.js';
import { asArray, at, firstText, isRecord } from '../../values.js';
import { findRun, type LmEvalRun, parseSamplesName, toDate } from './lm-eval-run.js';
import { chooseMetric, NO_FILTER, parseMetric, readMetric, type ChosenMetric } from './metrics.js';

type Row = Readonly<Record<string, unknown>>;

/** Members of a sample that are no metrics. */
const OTHER_MEMBERS = [
  ...['doc_id', 'doc', 'target', 'arguments', 'resps', 'filtered_resps', 'filter', 'metrics'],
  ...['doc_hash', 'prompt_hash', 'target_hash', 'task', 'task_name'],
];
const UNREAD = ['doc', 'arguments', 'resps', 'filtered_resps'];
const selectRows: Selection = (path) =>
  path.length === 0 ? 'enter' : UNREAD.includes(path[1] ?? '') ? 'skip' : 'keep';

interface Samples {
  task: string | null;
  model: string | null;
  timestamp: Date | null;
  /**
   * Identity of the file. It does not depend on other files: samples have the same ids with and without the file of results.
   */
  identity: { task: string | null; run: string };
  option: ChosenMetric | null;
  passMark: number;
}

/** Reads the samples of a task in JSON Lines. */
export async function* readLmEvalLines(
  file: EvaluationFile,
  options: ReadOptions,
  runs: readonly LmEvalRun[] = [],
): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size, options.onProgress);
  const samples = await describe(file, options, runs, hashFirstLine);
  const counter = new IdentityCounter();
  for await (const line of parseLines(readLines(decodeText(readContent(file, progress.add))))) {
    if (line.kind === 'skipped') yield line;
    else yield toSampleCase(line.value, line.place, samples, counter);
  }
}

/**
 * Reads the samples of a task in a JSON array, which earlier releases write.
 *
 * @throws ContentError if the file is not JSON
 */
export async function* readLmEvalArray(
  file: EvaluationFile,
  options: ReadOptions,
  runs: readonly LmEvalRun[] = [],
): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size * 2, options.onProgress);
  const openText = (): AsyncIterable<string> => decodeText(readContent(file, progress.add));
  // Checks the whole document first.
  await drain(readJson(openText, () => 'skip'));
  const samples = await describe(file, options, runs, hashContent);
  const counter = new IdentityCounter();
  for await (const { value, index } of readJson(openText, selectRows)) {
    const place = `sample ${index + 1}`;
    if (isRecord(value)) yield toSampleCase(value, place, samples, counter);
    else yield skip(place, 'malformed', 'the sample is not a JSON object');
  }
}

async function describe(
  file: EvaluationFile,
  { run, metric, passMark = DEFAULT_PASS_MARK }: ReadOptions,
  runs: readonly LmEvalRun[],
  hash: (file: EvaluationFile) => Promise<string>,
): Promise<Samples> {
  const named = parseSamplesName(file);
  const found = findRun(named, runs);
  const onlyTask = found?.tasks.length === 1 ? (found.tasks[0] ?? null) : null;
  return {
    task: named.task ?? onlyTask,
    model: found?.model ?? named.model,
    timestamp: toDate(named.date ?? found?.fileDate ?? null) ?? readTimestamp(found?.date),
    identity: { task: named.task, run: named.date ?? run ?? (await hash(file)) },
    option: metric === undefined ? null : parseMetric(metric),
    passMark,
  };
}

function toSampleCase(row: Row, place: string, samples: Samples, counter: IdentityCounter): FileItem {
  const filter = firstText(row['filter']) ?? NO_FILTER;
  const doc = firstText(row['doc_hash']) ?? `doc ${firstText(row['doc_id']) ?? place}`;
  const { option } = samples;
  if (option?.filter && option.filter !== filter) {
    return skip(place, 'filter_not_selected', `its filter is ${filter}, not ${option.filter}`);
  }
  const metric = option?.metric ?? chooseMetric(availableMetrics(row));
  const value = metric === null ? undefined : (at(row, metric) ?? at(row, `${metric},${filter}`));
  if (metric === null || value === undefined) {
    if (metric !== null && Object.hasOwn(row, metric)) return skip(place, 'no_score', `${metric} is null`);
    const names = Object.keys(row).filter((key) => !OTHER_MEMBERS.includes(key));
    const has = names.length === 0 ? 'no metric' : `the metrics ${names.slice(0, 10).join(', ')}`;
    return skip(place, 'metric_absent', `has ${has}${metric === null ? '' : `, not ${metric}`}`);
  }
  const read = readMetric(metric, value);
  if (read.score === null) return skip(place, read.code, read.reason);
  const ownTask = firstText(row['task'], row['task_name']);
  const { run, task } = samples.identity;
  const identity: IdPart[] = [task ?? ownTask, doc, filter, run];
  if (counter.add(identity) > 0) return skip(place, 'duplicate', 'the file has this document and filter twice');
  return toCase({
    id: caseId('lm-eval', identity),
    place,
    model: samples.model,
    task: samples.task ?? ownTask,
    outcome: outcomeOf(read.score, samples.passMark),
    score: read.score,
    duration: null,
    timestamp: samples.timestamp,
    evidence: {
      source: 'lm-eval',
      run_id: run,
      case_id: doc,
      attempt: 1,
      evaluator: filter === NO_FILTER ? metric : `${metric},${filter}`,
      details: { doc_id: row['doc_id'], filter, value, target: row['target'], metrics: otherMetrics(row, metric) },
    },
  });
}

/** Metrics with a single value, in the order in which the sample lists them. */
function availableMetrics(row: Row): string[] {
  const listed = asArray(row['metrics']).flatMap((metric) => firstText(metric) ?? []);
  const names = listed.length > 0 ? listed : Object.keys(row).filter((key) => !OTHER_MEMBERS.includes(key));
  return names.filter((name) => readMetric(name, row[name], false).score !== null);
}

function otherMetrics(row: Row, chosen: string): object | null {
  const others = Object.entries(row).filter(
    ([key, value]) => key !== chosen && !OTHER_MEMBERS.includes(key) && typeof value !== 'object',
  );
  return others.length === 0 ? null : Object.fromEntries(others);
}
