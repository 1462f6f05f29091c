/** Formats of evaluation files. */
export const EVALUATION_FORMATS = ['inspect', 'promptfoo', 'junit', 'lm-eval', 'every-eval-ever'] as const;
export type EvaluationFormat = (typeof EVALUATION_FORMATS)[number];

export type CaseOutcome = 'passed' | 'failed' | 'errored';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonRecord;
export interface JsonRecord {
  readonly [key: string]: JsonValue;
}

/** Where a result comes from. Null: not in the file. */
export interface CaseEvidence {
  /** The tool: a format name, with the version of the tool if the file has it. */
  source: string;
  run_id: string | null;
  case_id: string | null;
  /** Which attempt at the same case, from 1. */
  attempt: number | null;
  /** Scorer, metric or assertion. */
  evaluator: string | null;
  model: string | null;
  agent_version: string | null;
  environment: string | null;
  url: string | null;
  /** Why it failed, at most 2,000 characters. */
  reason: string | null;
  /** Anything else, at most 16 kB of JSON. */
  details: JsonRecord | null;
}

/** Kinds of notes: something of a recorded case that the file does not say plainly. */
export const NOTE_CODES = [
  'score_clamped',
  'score_from_outcome',
  'duration_unreadable',
  'timestamp_unreadable',
  'evidence_cut',
  'status_contradicts',
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

export interface CaseNote {
  code: NoteCode;
  text: string;
}

/** One result of an evaluation file. */
export interface EvaluationCase {
  kind: 'case';
  /** Idempotency key: the same case has the same id in every file that contains it. */
  id: string;
  /** Position in the file, for messages. */
  place: string;
  model: string | null;
  task: string | null;
  outcome: CaseOutcome;
  /** 0–100; null if errored. */
  score: number | null;
  /** Seconds, 0–1,000,000,000. */
  duration: number | null;
  timestamp: Date | null;
  evidence: CaseEvidence;
  notes: CaseNote[];
}

/** Reasons for not recording a case. */
export const SKIP_CODES = [
  'not_run',
  'no_score',
  'no_outcome',
  'score_not_a_number',
  'score_out_of_range',
  'score_not_selected',
  'scorer_absent',
  'metric_absent',
  'filter_not_selected',
  'log_cancelled',
  'invalidated',
  'duplicate',
  'group',
  'samples_given',
  'unknown_level',
  'lower_is_better',
  'malformed',
  'no_agent',
  'refused',
] as const;
export type SkipCode = (typeof SKIP_CODES)[number];

/** A case that is not recorded, and the reason. */
export interface SkippedCase {
  kind: 'skipped';
  place: string;
  code: SkipCode;
  reason: string;
}

/** A statement about the file, such as that a log has no samples. */
export interface Remark {
  kind: 'remark';
  text: string;
}

/** Content of an evaluation file. */
export type FileItem = EvaluationCase | SkippedCase | Remark;

export function remark(text: string): Remark {
  return { kind: 'remark', text };
}

/** Creates a skipped case. */
export function skip(place: string, code: SkipCode, reason: string): SkippedCase {
  return { kind: 'skipped', place, code, reason };
}
