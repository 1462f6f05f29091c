import { type OpenText, readJson } from '../../json/read-json.js';
import { asArray, at, asRecord, firstText } from '../../values.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { type LmEvalRun, parseResultsName } from './lm-eval-run.js';

/** Members of the file of results that are read as a whole. */
const MEMBERS = [
  ...['config', 'model_name', 'model_source', 'date', 'total_evaluation_time_seconds', 'lm_eval_version', 'git_hash'],
];
/** Members with a value for each task. */
const BY_TASK = ['results', 'groups', 'group_subtasks', 'n-samples', 'versions', 'n-shot', 'higher_is_better'];

/** A file of aggregated results. */
export interface LmEvalResults {
  members: Readonly<Record<string, unknown>>;
  results: ReadonlyMap<string, unknown>;
  groups: ReadonlySet<string>;
  /** Value of a task in one of the other maps. */
  ofTask(member: string, task: string): unknown;
}

/** @throws ContentError if the file is not JSON */
export async function readResultsFile(openText: OpenText): Promise<LmEvalResults> {
  const members: Record<string, unknown> = {};
  const maps = new Map(BY_TASK.map((member) => [member, new Map<string, unknown>()]));
  const select = ([member = '', ...rest]: readonly string[]): 'enter' | 'keep' | 'skip' => {
    if (member === '' && rest.length === 0) return 'enter';
    if (BY_TASK.includes(member)) return rest.length === 0 ? 'enter' : 'keep';
    return MEMBERS.includes(member) ? 'keep' : 'skip';
  };
  for await (const { path, value } of readJson(openText, select)) {
    const [member = '', task] = path;
    if (task === undefined) members[member] = value;
    else maps.get(member)?.set(task, value);
  }
  const of = (member: string): ReadonlyMap<string, unknown> => maps.get(member) ?? new Map<string, unknown>();
  const results = of('results').size > 0 ? of('results') : of('groups');
  return { members, results, groups: findGroups(results, of), ofTask: (member, task) => of(member).get(task) };
}

/** Results that summarise others of the same file. */
function findGroups(
  results: ReadonlyMap<string, unknown>,
  of: (member: string) => ReadonlyMap<string, unknown>,
): Set<string> {
  const groups = new Set<string>();
  for (const [name, subtasks] of of('group_subtasks')) {
    if (asArray(subtasks).some((task) => typeof task === 'string' && results.has(task))) groups.add(name);
  }
  if (of('group_subtasks').size === 0 && of('results').size > 0)
    for (const name of of('groups').keys()) groups.add(name);
  // A file of groups alone: there is nothing else to record.
  return groups.size === results.size ? new Set() : groups;
}

/** Describes a file of results for the files of samples that are read with it. */
export function toRun(file: EvaluationFile, { members, results, groups }: LmEvalResults): LmEvalRun {
  return {
    fileDate: parseResultsName(file),
    date: firstText(members['date']),
    model: modelOf(members),
    tasks: [...results.keys()].filter((task) => !groups.has(task)),
  };
}

/** The name of the model; else the pretrained model in the arguments; else the kind of model. */
export function modelOf(members: Readonly<Record<string, unknown>>): string | null {
  const args = at(members['config'], 'model_args');
  const named = typeof args === 'string' ? /(?:^|,)(?:pretrained|model|engine)=([^,]+)/.exec(args)?.[1] : undefined;
  const fields = asRecord(args);
  return firstText(members['model_name'], named, fields['pretrained'], fields['model'], at(members['config'], 'model'));
}
