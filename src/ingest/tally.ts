import type { EvaluationCase, FileItem, NoteCode, SkipCode, SkippedCase } from './evaluation-case.js';

/** Skipped cases and notes that are listed; all are counted. */
export const LISTED_MAX = 100_000;

/** A note with the place of its case. */
export interface ListedNote {
  place: string;
  code: NoteCode;
  text: string;
}

/** Counts of a file. */
export class Tally {
  /** Cases that are recorded, or would be. */
  cases = 0;
  passed = 0;
  failed = 0;
  errored = 0;
  skipped = 0;
  /** Not recorded, by reason. */
  readonly reasons: Partial<Record<SkipCode, number>> = {};
  /** Notes on recorded cases, by kind. */
  readonly notes: Partial<Record<NoteCode, number>> = {};
  readonly remarks: string[] = [];
  readonly skippedCases: SkippedCase[] = [];
  readonly listedNotes: ListedNote[] = [];

  add(item: FileItem): void {
    if (item.kind === 'case') this.addCase(item);
    else if (item.kind === 'skipped') this.addSkipped(item);
    else if (this.remarks.length < LISTED_MAX) this.remarks.push(item.text);
  }

  /** Moves a case that was counted to those that are not recorded. */
  refuse({ outcome }: EvaluationCase, skipped: SkippedCase): void {
    this.cases -= 1;
    this[outcome] -= 1;
    this.addSkipped(skipped);
  }

  private addCase({ outcome, place, notes }: EvaluationCase): void {
    this.cases += 1;
    this[outcome] += 1;
    for (const { code, text } of notes) {
      this.notes[code] = (this.notes[code] ?? 0) + 1;
      if (this.listedNotes.length < LISTED_MAX) this.listedNotes.push({ place, code, text });
    }
  }

  private addSkipped(skipped: SkippedCase): void {
    this.skipped += 1;
    this.reasons[skipped.code] = (this.reasons[skipped.code] ?? 0) + 1;
    if (this.skippedCases.length < LISTED_MAX) this.skippedCases.push(skipped);
  }
}
