import { caseId, type IdentityCounter, type IdPart } from '../../case-id.js';
import { type CaseNote, type CaseOutcome, type FileItem, skip } from '../../evaluation-case.js';
import { readDuration, readNumber, readTimestamp, toScore } from '../../quantities.js';
import { note, toCase } from '../../to-case.js';
import { asArray, asBoolean, asRecord, at, firstText } from '../../values.js';
import type { PromptfooHeader } from './promptfoo-file.js';

type Row = Readonly<Record<string, unknown>>;

/** Value of `failureReason` for an error, as opposed to a failed assertion (1) or none (0). */
const ERROR = 2;

/**
 * Converts a result.
 *
 * @param fallbackRun identity of the evaluation if the file has no `evalId`
 */
export function toPromptfooCase(
  row: Row,
  place: string,
  header: PromptfooHeader,
  fallbackRun: string,
  counter: IdentityCounter,
): FileItem {
  const outcome = toOutcome(row);
  if (outcome === null) return skip(place, 'no_outcome', 'the result has neither "success" nor an error');
  const run = firstText(row['evalId'], header.evalId) ?? fallbackRun;
  const rowId = firstText(row['id']);
  const identity: IdPart[] = rowId === null ? [run, indexes(row)] : [run, rowId];
  const before = counter.add(identity);
  if (before > 0 && rowId !== null)
    return skip(place, 'duplicate', `the file has the result ${rowId.slice(0, 100)} twice`);

  const notes: CaseNote[] = [];
  const score = outcome === 'errored' ? null : readScore(row, outcome, notes);
  const latency = row['latencyMs'] ?? null;
  const duration = readDuration(latency, 'ms');
  if (latency !== null && duration === null) notes.push(note('duration_unreadable', 'latencyMs is no duration'));
  const time = firstText(row['timestamp'], row['createdAt'], header.timestamp) ?? timeOfEvalId(run);
  const timestamp = readTimestamp(time);
  if (time !== null && timestamp === null) notes.push(note('timestamp_unreadable', `${time.slice(0, 50)} is no time`));
  const { provider } = row;
  return toCase({
    id: caseId('promptfoo', rowId === null ? [...identity, before] : identity),
    place,
    model: firstText(provider, at(provider, 'id'), at(provider, 'label')),
    task: firstText(pluginOf(row), header.description),
    outcome,
    score,
    duration,
    timestamp,
    evidence: {
      source: 'promptfoo',
      run_id: run,
      case_id: firstText(rowId, describeIndexes(row)),
      attempt: (readNumber(row['repeatIndex']) ?? 0) + 1,
      evaluator: failedAssertions(row),
      url: firstText(header.shareableUrl),
      reason:
        outcome === 'passed'
          ? null
          : firstText(outcome === 'errored' ? row['error'] : null, at(row, 'gradingResult', 'reason'), row['error']),
      details: toDetails(row, header),
    },
    notes,
  });
}

/** Null: the row does not say it. */
function toOutcome(row: Row): CaseOutcome | null {
  const { failureReason, error, gradingResult, success } = row;
  const isGraded = gradingResult !== undefined && gradingResult !== null;
  if (readNumber(failureReason) === ERROR || (firstText(error) !== null && !isGraded)) return 'errored';
  const passed = asBoolean(success) ?? asBoolean(at(gradingResult, 'pass'));
  if (passed === null) return null;
  return passed ? 'passed' : 'failed';
}

function readScore(row: Row, outcome: CaseOutcome, notes: CaseNote[]): number {
  const number = readNumber(row['score']) ?? readNumber(at(row, 'gradingResult', 'score'));
  if (number === null || !Number.isFinite(number)) {
    notes.push(note('score_from_outcome', 'has no score: 100 if passed, else 0'));
    return outcome === 'passed' ? 100 : 0;
  }
  const clamped = Math.min(1, Math.max(0, number));
  if (clamped !== number) notes.push(note('score_clamped', `the score ${number} is not between 0 and 1: ${clamped}`));
  return toScore(clamped);
}

function indexes(row: Row): IdPart {
  return ['testIdx', 'promptIdx', 'repeatIndex'].map((member) => readNumber(row[member]));
}

function describeIndexes(row: Row): string | null {
  const [test, prompt] = [readNumber(row['testIdx']), readNumber(row['promptIdx'])];
  return test === null ? null : `test ${test}, prompt ${prompt ?? 0}`;
}

/** The time at the end of an id such as eval-abc-2025-10-01T20:08:11. */
function timeOfEvalId(run: string): string | null {
  return /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.exec(run)?.[0] ?? null;
}

/** Red-team plugin. */
function pluginOf(row: Row): string | null {
  return firstText(row['pluginId'], at(row, 'metadata', 'pluginId'), at(row, 'testCase', 'metadata', 'pluginId'));
}

/** Types of the assertions that failed; of all, if none did. */
function failedAssertions(row: Row): string | null {
  const components = asArray(at(row, 'gradingResult', 'componentResults'));
  const failed = components.filter((component) => at(component, 'pass') === false);
  const types = (failed.length > 0 ? failed : components).map((component) =>
    firstText(at(component, 'assertion', 'type')),
  );
  return firstText([...new Set(types.filter((type) => type !== null))].join(', '));
}

function toDetails(row: Row, header: PromptfooHeader): object {
  const named = asRecord(row['namedScores']);
  const components = asArray(at(row, 'gradingResult', 'componentResults')).map((component) => ({
    assertion: at(component, 'assertion', 'type'),
    metric: at(component, 'assertion', 'metric'),
    pass: at(component, 'pass'),
    score: at(component, 'score'),
    reason: firstText(at(component, 'reason'))?.slice(0, 500),
  }));
  return {
    promptfoo_version: header.promptfooVersion,
    test_index: row['testIdx'],
    prompt_index: row['promptIdx'],
    prompt_id: row['promptId'],
    test: firstText(at(row, 'testCase', 'description'), row['description']),
    plugin: pluginOf(row),
    strategy: firstText(at(row, 'metadata', 'strategyId'), at(row, 'testCase', 'metadata', 'strategyId')),
    named_scores: Object.keys(named).length === 0 ? null : named,
    assertions: components.length === 0 ? null : components,
    cost: row['cost'],
  };
}
