import type { CaseNote, CaseOutcome, EvaluationCase, NoteCode } from './evaluation-case.js';
import { toEvidence, type RawEvidence } from './evidence.js';

/** A case as its format has it. */
export interface CaseDraft {
  id: string;
  place: string;
  model: string | null;
  task: string | null;
  outcome: CaseOutcome;
  score: number | null;
  duration: number | null;
  timestamp: Date | null;
  evidence: RawEvidence;
  notes?: readonly CaseNote[];
}

/** Creates a case with evidence within its limits. */
export function toCase({ evidence: raw, notes = [], ...draft }: CaseDraft): EvaluationCase {
  const { evidence, cut } = toEvidence({ model: draft.model, ...raw });
  const cuts = cut.length === 0 ? [] : [note('evidence_cut', `shortened to the limit: ${cut.join(', ')}`)];
  return { kind: 'case', ...draft, evidence, notes: [...notes, ...cuts] };
}

export function note(code: NoteCode, text: string): CaseNote {
  return { code, text };
}

/** The outcome that follows from a score. */
export function outcomeOf(score: number, passMark: number): CaseOutcome {
  return score >= passMark ? 'passed' : 'failed';
}
