import { caseId, type IdPart } from '../../case-id.js';
import { ContentError } from '../../errors.js';
import { type FileItem, skip } from '../../evaluation-case.js';
import { DEFAULT_PASS_MARK, type ReadOptions } from '../../options.js';
import { readDuration, readTimestamp } from '../../quantities.js';
import { readContent } from '../../source/bytes.js';
import { hashContent } from '../../source/content-hash.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { outcomeOf, toCase } from '../../to-case.js';
import { asRecord, at, firstText } from '../../values.js';
import { chooseMetric, type ChosenMetric, NO_FILTER, parseMetric, readMetric } from './metrics.js';
import { type LmEvalResults, modelOf, readResultsFile } from './results-file.js';

interface TaskMetric extends ChosenMetric {
  value: unknown;
  key: string;
}

/**
 * Reads aggregated results: one case per task.
 *
 * @param given tasks whose samples are read with the file; their aggregates would count them twice
 * @throws ContentError if the file is not JSON or has no results
 */
export async function* readLmEvalResults(
  file: EvaluationFile,
  options: ReadOptions,
  given: ReadonlySet<string> = new Set(),
): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size, options.onProgress);
  const results = await readResultsFile(() => decodeText(readContent(file, progress.add)));
  if (results.results.size === 0) throw new ContentError('has no results of lm-evaluation-harness');
  const run = firstText(results.members['date']) ?? options.run ?? (await hashContent(file));
  for (const [task, metrics] of results.results) {
    const place = `task ${task.slice(0, 200)}`;
    if (given.has(task)) yield skip(place, 'samples_given', 'its samples are read from another file');
    else if (results.groups.has(task)) yield skip(place, 'group', 'it is a group; its tasks are read');
    else yield toTaskCase(task, asRecord(metrics), place, results, run, options);
  }
}

function toTaskCase(
  task: string,
  metrics: Readonly<Record<string, unknown>>,
  place: string,
  results: LmEvalResults,
  run: string,
  { metric: option, passMark = DEFAULT_PASS_MARK }: ReadOptions,
): FileItem {
  const available = listMetrics(metrics);
  const chosen = option === undefined ? choose(available) : find(available, parseMetric(option));
  if (chosen === null) {
    const names = available.map(({ key }) => key).slice(0, 10);
    const has = names.length === 0 ? 'no metric' : `the metrics ${names.join(', ')}`;
    return skip(place, 'metric_absent', `has ${has}${option === undefined ? '' : `, not ${option}`}`);
  }
  const higherIsBetter = at(results.ofTask('higher_is_better', task), chosen.metric);
  const read = readMetric(chosen.key, chosen.value, typeof higherIsBetter === 'boolean' ? !higherIsBetter : undefined);
  if (read.score === null) return skip(place, read.code, read.reason);
  const { members } = results;
  const identity: IdPart[] = ['results', task, modelOf(members), run];
  const seconds = readDuration(members['total_evaluation_time_seconds']);
  const isOnlyTask = results.results.size - results.groups.size === 1;
  return toCase({
    id: caseId('lm-eval', identity),
    place,
    model: modelOf(members),
    task,
    outcome: outcomeOf(read.score, passMark),
    score: read.score,
    duration: isOnlyTask ? seconds : null,
    timestamp: readTimestamp(members['date']),
    evidence: {
      source: 'lm-eval',
      run_id: run,
      case_id: task,
      attempt: 1,
      evaluator: chosen.key,
      details: {
        aggregated: true,
        count: at(results.ofTask('n-samples', task), 'effective') ?? at(results.ofTask('n-samples', task), 'original'),
        value: chosen.value,
        stderr: metrics[stderrKey(chosen)],
        task_version: results.ofTask('versions', task),
        shots: results.ofTask('n-shot', task),
        seconds_of_all_tasks: isOnlyTask ? null : seconds,
        lm_eval_version: members['lm_eval_version'],
        commit: members['git_hash'],
        metrics: Object.fromEntries(available.map(({ key, value }) => [key, value])),
      },
    },
  });
}

/** `METRIC,FILTER`, or `METRIC` in files before 0.4. Standard errors are left out. */
function listMetrics(metrics: Readonly<Record<string, unknown>>): TaskMetric[] {
  return Object.entries(metrics).flatMap(([key, value]) => {
    const { metric, filter } = parseMetric(key);
    const isMetric =
      metric !== 'alias' && !metric.endsWith('_stderr') && !['samples', 'sample_len', 'name'].includes(metric);
    return isMetric ? [{ key, metric: metric.trim(), filter: filter ?? NO_FILTER, value }] : [];
  });
}

function choose(available: readonly TaskMetric[]): TaskMetric | null {
  const usable = available.filter(({ metric, value }) => readMetric(metric, value, false).score !== null);
  const metric = chooseMetric(usable.map((candidate) => candidate.metric));
  // Without a usable one, the first says why.
  return usable.find((candidate) => candidate.metric === metric) ?? available[0] ?? null;
}

function find(available: readonly TaskMetric[], { metric, filter }: ChosenMetric): TaskMetric | null {
  return available.find((one) => one.metric === metric && (filter === null || one.filter === filter)) ?? null;
}

function stderrKey({ key, metric, filter }: TaskMetric): string {
  return key.includes(',') ? `${metric}_stderr,${filter ?? NO_FILTER}` : `${metric}_stderr`;
}
