import { caseId, type IdentityCounter, type IdPart } from '../../case-id.js';
import { type CaseNote, type FileItem, type CaseOutcome, skip } from '../../evaluation-case.js';
import type { ReadOptions } from '../../options.js';
import { readJUnitTime, readTimestamp } from '../../quantities.js';
import { note, toCase } from '../../to-case.js';
import { firstText } from '../../values.js';
import type { ResultElement, TestcaseElement } from './junit-events.js';

/** Values of `status` and `result` that say that a testcase did not run; case and punctuation do not matter. */
const NOT_RUN = [
  ...['notrun', 'skipped', 'skip', 'disabled', 'ignored', 'ignore', 'pending', 'todo', 'suppressed'],
  ...['notexecuted', 'notrunnable', 'inconclusive', 'excluded', 'filtered', 'deselected', 'blocked', 'untested'],
];
/** Values that contradict an outcome without `failure` and `error`. */
const NOT_PASSED = ['failed', 'fail', 'failure', 'error', 'errored', 'broken'];

/**
 * Converts a testcase.
 *
 * @param fileHash identity of the run if neither `--run` nor a suite has one
 */
export function toJUnitCase(
  testcase: TestcaseElement,
  fileHash: string,
  counter: IdentityCounter,
  { run, junitErrors = 'errored' }: ReadOptions,
): FileItem {
  const { suites, name, classname, attributes, failure, error, position } = testcase;
  const identity: IdPart[] = [...identifyRun(testcase, fileHash, run), suites.map((suite) => suite.name)];
  identity.push(classname, name);
  // Skipped testcases count too: the ordinals stay when a testcase is run later.
  const ordinal = counter.add(identity);
  const place = describePlace(testcase);
  const notRun = findNotRun(testcase);
  if (notRun !== null) return skip(place, 'not_run', notRun);

  const outcome = toOutcome(testcase, junitErrors);
  const notes: CaseNote[] = [];
  const status = compact(attributes['status'] ?? attributes['result'] ?? '');
  if (outcome === 'passed' && NOT_PASSED.includes(status)) {
    notes.push(note('status_contradicts', `has the status ${status}, but no failure or error element: passed`));
  }
  const { time } = attributes;
  const duration = time === undefined || time.trim() === '' ? null : readJUnitTime(time);
  if (time !== undefined && time.trim() !== '' && duration === null) {
    notes.push(note('duration_unreadable', `has the time ${JSON.stringify(time.slice(0, 50))}, which is no duration`));
  }
  const started = firstText(attributes['timestamp'], ...suites.map((suite) => suite.timestamp).reverse());
  const timestamp = started === null ? null : readTimestamp(started);
  if (started !== null && timestamp === null) {
    notes.push(note('timestamp_unreadable', `has the timestamp ${JSON.stringify(started.slice(0, 50))}`));
  }
  return toCase({
    id: caseId('junit', [...identity, ordinal]),
    place,
    model: firstText(testcase.properties['model']),
    task: firstText(suites.at(-1)?.name, classname),
    outcome,
    score: outcome === 'errored' ? null : outcome === 'passed' ? 100 : 0,
    duration,
    timestamp,
    evidence: {
      source: 'junit',
      run_id: firstText(
        run,
        suites.map((suite) => suite.timestamp).findLast((text) => text !== null),
      ),
      case_id: firstText([classname, name].filter((part) => part !== '').join(' › ')),
      attempt: testcase.attemptCount + 1,
      environment: firstText(...suites.map((suite) => suite.hostname).reverse()),
      reason: describeResult(failure ?? error),
      details: toDetails(testcase, position.line),
    },
    notes,
  });
}

/** `--run`; else timestamp and name of the innermost suite that has a timestamp; else the hash of the file. */
function identifyRun({ suites }: TestcaseElement, fileHash: string, run: string | undefined): IdPart[] {
  if (run !== undefined) return ['run', run];
  const dated = suites.findLast((suite) => suite.timestamp !== null);
  return dated ? ['suite', dated.timestamp, dated.name] : ['file', fileHash];
}

function toOutcome({ failure, error }: TestcaseElement, junitErrors: 'errored' | 'failed'): CaseOutcome {
  if (failure !== null) return 'failed';
  if (error !== null) return junitErrors;
  return 'passed';
}

/** Why the testcase did not run; null if it did. */
function findNotRun({ failure, error, skipped, attributes }: TestcaseElement): string | null {
  if (failure !== null || error !== null) return null;
  if (skipped !== null) {
    const reason = describeResult(skipped);
    return reason === null ? 'skipped' : `skipped: ${reason.slice(0, 200)}`;
  }
  for (const key of ['status', 'result']) {
    const value = attributes[key];
    if (value !== undefined && NOT_RUN.includes(compact(value))) return `${key} is ${value}`;
  }
  return null;
}

function compact(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}

function describePlace({ classname, name, position }: TestcaseElement): string {
  const title = [classname, name].filter((part) => part !== '').join(' › ');
  return `line ${position.line}${title === '' ? '' : `, ${title.slice(0, 200)}`}`;
}

function describeResult(result: ResultElement | null): string | null {
  if (result === null) return null;
  return firstText(result.message, result.text, result.type);
}

function toDetails(
  { suites, attributes, failure, error, attempts, properties }: TestcaseElement,
  line: number,
): object {
  const result = failure ?? error;
  return {
    suites: suites.map((suite) => suite.name).filter((name) => name !== ''),
    classname: attributes['classname'],
    file: attributes['file'],
    line: attributes['line'],
    assertions: attributes['assertions'],
    status: attributes['status'] ?? attributes['result'],
    line_in_report: line,
    result_type: result?.type,
    text: result !== null && result.message !== null && result.text.trim() !== '' ? result.text.trim() : null,
    attempts: attempts.length === 0 ? null : attempts.map(toAttempt),
    properties: Object.keys(properties).length === 0 ? null : { ...properties },
  };
}

function toAttempt(attempt: ResultElement): object {
  return { kind: attempt.kind, type: attempt.type, message: describeResult(attempt)?.slice(0, 500) ?? null };
}
