import { caseId, type IdentityCounter, type IdPart } from '../../case-id.js';
import { type CaseNote, type FileItem, skip } from '../../evaluation-case.js';
import { DEFAULT_PASS_MARK } from '../../options.js';
import { readDuration, readNumber, readTimestamp, toScore } from '../../quantities.js';
import { note, outcomeOf, toCase } from '../../to-case.js';
import { asBoolean, at, firstText } from '../../values.js';

type Fields = Readonly<Record<string, unknown>>;

/** Converts a record of one sample. `is_correct` decides whether it is passed; if it is null, the score does. */
export function toInstanceCase(
  record: Fields,
  place: string,
  counter: IdentityCounter,
  fallbackRun: string,
  passMark = DEFAULT_PASS_MARK,
): FileItem {
  const sample = firstText(record['sample_id']);
  const title = sample === null ? place : `${place}, ${sample.slice(0, 100)}`;
  const error = firstText(record['error'], at(record, 'error', 'message'));
  const evaluation = record['evaluation'];
  const correct = asBoolean(at(evaluation, 'is_correct'));
  const number = readNumber(at(evaluation, 'score'));
  const fraction = number !== null && number >= 0 && number <= 1 ? number : null;
  if (error === null && correct === null && fraction === null) {
    if (number === null || !Number.isFinite(number))
      return skip(title, 'no_score', 'it has no score and no is_correct');
    return skip(title, 'score_out_of_range', `the score is ${number}, which is not between 0 and 1`);
  }

  const notes: CaseNote[] = [];
  const score = fraction === null ? (correct === true ? 100 : 0) : toScore(fraction);
  if (error === null && fraction === null) {
    notes.push(note('score_from_outcome', `the score ${number ?? 'is missing'}: 100 if correct, else 0`));
  }
  const outcome = correct === null ? outcomeOf(score, passMark) : correct ? 'passed' : 'failed';
  const run = firstText(record['evaluation_id']) ?? fallbackRun;
  const name = firstText(record['evaluation_name']);
  const identity: IdPart[] = ['instance', run, firstText(record['evaluation_result_id']) ?? name, sample];
  identity.push(sample === null ? firstText(record['sample_hash']) : null);
  const ordinal = counter.add(identity);
  const latency = at(record, 'performance', 'latency_ms') ?? at(record, 'performance', 'generation_time_ms') ?? null;
  const duration = readDuration(latency, 'ms');
  if (latency !== null && duration === null) notes.push(note('duration_unreadable', 'latency_ms is no duration'));
  return toCase({
    id: caseId('every-eval-ever', [...identity, ordinal]),
    place: title,
    model: firstText(record['model_id']),
    task: name,
    outcome: error === null ? outcome : 'errored',
    score: error === null ? score : null,
    duration,
    timestamp: readTimestamp(firstText(record['evaluation_timestamp']) ?? timeOfRun(run)),
    evidence: {
      source: 'every-eval-ever',
      run_id: run,
      case_id: sample,
      attempt: ordinal + 1,
      evaluator: firstText(at(record, 'answer_attribution', '0', 'extraction_method')),
      reason: error,
      details: {
        value: at(evaluation, 'score'),
        is_correct: correct,
        turns: at(evaluation, 'num_turns'),
        tool_calls: at(evaluation, 'tool_calls_count'),
        interaction_type: record['interaction_type'],
        tokens: at(record, 'token_usage', 'total_tokens'),
        metadata: record['metadata'],
        schema_version: record['schema_version'],
      },
    },
    notes,
  });
}

/** The time at the end of an id such as gsm8k/org/model/1707000000. */
function timeOfRun(run: string): string | null {
  return /\/(\d{10}(?:\.\d+)?)$/.exec(run)?.[1] ?? null;
}
