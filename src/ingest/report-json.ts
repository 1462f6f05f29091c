import type { EvaluationFormat, NoteCode, SkipCode } from './evaluation-case.js';
import type { AgentOfModel, IngestReport } from './ingest-file.js';
import type { ListedNote } from './tally.js';

/** Report of a file as JSON. */
export interface ReportJson {
  file: string;
  format: EvaluationFormat;
  /** Cases in the file. */
  cases: number;
  passed: number;
  failed: number;
  errored: number;
  not_recorded: number;
  recorded: number;
  replayed: number;
  /** Refused by the service, part of `not_recorded`. */
  refused: number;
  agents: AgentOfModel[];
  /** Numbers of `not_recorded`, by reason. */
  reasons: Partial<Record<SkipCode, number>>;
  /** Numbers of notes on recorded cases, by kind. */
  notes: Partial<Record<NoteCode, number>>;
  remarks: string[];
  not_recorded_cases: { place: string; code: SkipCode; reason: string }[];
  noted_cases: ListedNote[];
}

/**
 * Converts the report of a file to JSON.
 *
 * @param listed maximum length of each list; counts are complete
 */
export function toReportJson(report: IngestReport, listed = Infinity): ReportJson {
  const { file, format, tally, agents, recorded, replayed } = report;
  const { cases, passed, failed, errored, skipped, reasons, notes, remarks, skippedCases, listedNotes } = tally;
  return {
    file,
    format,
    cases: cases + skipped,
    passed,
    failed,
    errored,
    not_recorded: skipped,
    recorded,
    replayed,
    refused: reasons.refused ?? 0,
    agents: agents.slice(0, listed),
    reasons,
    notes,
    remarks: remarks.slice(0, listed),
    not_recorded_cases: skippedCases.slice(0, listed).map(({ place, code, reason }) => ({ place, code, reason })),
    noted_cases: listedNotes.slice(0, listed),
  };
}
