import { caseId, type IdentityCounter, type IdPart } from '../../case-id.js';
import { type CaseNote, type FileItem, skip } from '../../evaluation-case.js';
import { DEFAULT_PASS_MARK } from '../../options.js';
import { readDuration, readNumber, readTimestamp } from '../../quantities.js';
import { note, outcomeOf, toCase } from '../../to-case.js';
import { asArray, asRecord, at, firstText, isRecord } from '../../values.js';
import type { InspectHeader, InspectSample } from './inspect-log.js';
import { readScoreValue, type ReadScore } from './score-value.js';
import { type ChosenScorer, scoresOf } from './scorer.js';

/** Context of all samples of a log. */
export interface InspectLog {
  header: InspectHeader;
  scorer: ChosenScorer;
  passMark?: number | undefined;
}

/** Converts a sample: one epoch of one case. */
export function toInspectCase(sample: InspectSample, log: InspectLog, counter: IdentityCounter): FileItem {
  const { header, scorer, passMark = DEFAULT_PASS_MARK } = log;
  const spec = asRecord(header.eval);
  const id = firstText(sample.id) ?? '';
  const epoch = readNumber(sample.epoch) ?? 1;
  const place = `sample ${id === '' ? '?' : id.slice(0, 100)}, epoch ${epoch}`;
  if (header.status === 'cancelled') return skip(place, 'log_cancelled', 'the log was cancelled');
  if (isSet(sample.invalidation)) return skip(place, 'invalidated', describeInvalidation(sample.invalidation));

  const scores = scoresOf(sample, scorer);
  const score = Object.hasOwn(scores, scorer.name) ? scores[scorer.name] : undefined;
  const read = readScore(score, scores, scorer);
  const isErrored = read.score === null && (isSet(sample.error) || isSet(sample.limit)) && isMissing(read);
  if (read.score === null && !isErrored) return skip(place, read.code, read.reason);

  const identity = identify(spec, sample, id, epoch, scorer);
  if (counter.add(identity) > 0) return skip(place, 'duplicate', 'the file has this sample twice');
  const { duration, timestamp, notes } = readTimes(sample, header, spec);
  return toCase({
    id: caseId('inspect', identity),
    place,
    model: firstText(spec['model']),
    task: firstText(spec['task'], spec['task_registry_name'], spec['task_display_name']),
    outcome: read.score === null ? 'errored' : outcomeOf(read.score, passMark),
    score: read.score,
    duration,
    timestamp,
    evidence: {
      source: 'inspect',
      run_id: firstText(spec['run_id'], spec['eval_id']),
      case_id: id,
      attempt: epoch,
      evaluator: scorer.key === null ? scorer.name : `${scorer.name}.${scorer.key}`,
      environment: firstText(at(spec, 'sandbox', 'type'), spec['sandbox']),
      reason: isErrored ? describeError(sample) : firstText(at(score, 'explanation')),
      details: toDetails(sample, score, spec, isErrored),
    },
    notes,
  });
}

function readScore(score: unknown, scores: Readonly<Record<string, unknown>>, { name, key }: ChosenScorer): ReadScore {
  if (!isRecord(score)) {
    const others = Object.keys(scores).slice(0, 10);
    if (others.length === 0) return { score: null, code: 'no_score', reason: 'the sample has no score' };
    const reason = `the sample has no score of ${name}, but of: ${others.join(', ')}`;
    return { score: null, code: 'scorer_absent', reason };
  }
  const value = score['value'];
  if (key === null) return readScoreValue(value);
  const part = Array.isArray(value) ? (value as unknown[])[Number(key)] : at(value, key);
  if (part === undefined) {
    return { score: null, code: 'scorer_absent', reason: `the score of ${name} has no value ${JSON.stringify(key)}` };
  }
  return readScoreValue(part);
}

/** Whether there is no score, as opposed to one that cannot be converted. */
function isMissing(read: ReadScore): boolean {
  return read.score === null && (read.code === 'no_score' || read.code === 'scorer_absent');
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** The log and the sample. Logs before `eval_id` are known by run and task, samples before `uuid` by id and epoch. */
function identify(
  spec: Readonly<Record<string, unknown>>,
  { uuid }: InspectSample,
  id: string,
  epoch: number,
  { name, key }: ChosenScorer,
): IdPart[] {
  const evalId = firstText(spec['eval_id']);
  const log: IdPart = evalId ?? [
    firstText(spec['run_id']),
    firstText(spec['task_id'], spec['task']),
    firstText(spec['created']),
  ];
  return [log, firstText(uuid) ?? [id, epoch], name, key];
}

function readTimes(
  sample: InspectSample,
  { stats }: InspectHeader,
  spec: Readonly<Record<string, unknown>>,
): { duration: number | null; timestamp: Date | null; notes: CaseNote[] } {
  const notes: CaseNote[] = [];
  const time = [sample.total_time, sample.working_time].find(isSet);
  const duration = readDuration(time);
  if (time !== undefined && duration === null) notes.push(note('duration_unreadable', 'the time is no duration'));
  const ended = firstText(sample.completed_at, sample.started_at, at(stats, 'completed_at'), spec['created']);
  const timestamp = readTimestamp(ended);
  if (ended !== null && timestamp === null)
    notes.push(note('timestamp_unreadable', `${ended.slice(0, 50)} is no time`));
  return { duration, timestamp, notes };
}

function describeError({ error, limit }: InspectSample): string {
  const message = firstText(at(error, 'message'), error);
  if (message !== null) return message;
  if (isSet(error)) return 'error';
  const type = firstText(at(limit, 'type'), limit) ?? 'unknown';
  return `limit exceeded: ${type}${at(limit, 'limit') === undefined ? '' : ` ${firstText(at(limit, 'limit')) ?? ''}`}`;
}

function describeInvalidation(invalidation: unknown): string {
  const reason = firstText(at(invalidation, 'reason'));
  return reason === null ? 'the sample was invalidated' : `the sample was invalidated: ${reason.slice(0, 200)}`;
}

function toDetails(
  sample: InspectSample,
  score: unknown,
  spec: Readonly<Record<string, unknown>>,
  isErrored: boolean,
): object {
  const retries = asArray(sample.error_retries).length;
  return {
    eval_id: spec['eval_id'],
    task_version: spec['task_version'],
    inspect_version: at(spec, 'packages', 'inspect_ai'),
    commit: at(spec, 'revision', 'commit'),
    uuid: sample.uuid,
    value: at(score, 'value'),
    answer: at(score, 'answer'),
    score_metadata: at(score, 'metadata'),
    // Otherwise it is the reason.
    error: isErrored ? null : firstText(at(sample.error, 'message')),
    limit: sample.limit,
    retries: retries === 0 ? null : retries,
    working_time: sample.working_time,
  };
}
