import { type IngestReport, toReportJson } from '../ingest/index.js';
import { formatCount, formatNumber } from './format-count.js';
import { table } from './table.js';

/** Lines of a list on the terminal. */
const LISTED = 20;

/** A file that was refused whole. */
export interface RefusedFile {
  file: string;
  line: number | null;
  column: number | null;
  problem: string;
}

/** Formats the result of `ingest`. */
export function describeIngest(
  reports: readonly IngestReport[],
  refused: readonly RefusedFile[],
  dryRun: boolean,
): string[] {
  return [
    ...describeAgents(reports),
    ...describeCounts(reports, dryRun),
    ...reports.flatMap(describeSkipped),
    ...reports.flatMap(({ file, tally }) => tally.remarks.map((text) => `${file}: ${text}`)),
    ...describeNotes(reports),
    ...refused.map(formatRefused),
    summarize(reports, refused, dryRun),
  ];
}

function describeAgents(reports: readonly IngestReport[]): string[] {
  const rows = reports.flatMap(({ agents }) => agents);
  const merged = new Map<string, { model: string; 'agent type': string; category: string; cases: number }>();
  for (const { model, agent_type, category, cases } of rows) {
    const key = JSON.stringify([model, agent_type, category]);
    const row = merged.get(key) ?? { model: model ?? '(none)', 'agent type': agent_type, category, cases: 0 };
    row.cases += cases;
    merged.set(key, row);
  }
  if (merged.size === 0) return [];
  const [head = '', ...lines] = table(['model', 'agent type', 'category', 'cases'], [...merged.values()]);
  return [head, ...limit(lines), ''];
}

function describeCounts(reports: readonly IngestReport[], dryRun: boolean): string[] {
  if (reports.length === 0) return [];
  const rows = reports.map(({ file, format, tally, recorded, replayed }) => ({
    file,
    format,
    cases: tally.cases + tally.skipped,
    passed: tally.passed,
    failed: tally.failed,
    errored: tally.errored,
    'not recorded': tally.skipped,
    new: recorded,
    'known before': replayed,
  }));
  const columns = ['file', 'format', 'cases', 'passed', 'failed', 'errored', 'not recorded'] as const;
  return [...table(dryRun ? columns : [...columns, 'new', 'known before'], rows), ''];
}

function describeSkipped({ file, tally }: IngestReport): string[] {
  if (tally.skipped === 0) return [];
  const counts = Object.entries(tally.reasons).map(([code, count]) => `${code} ${formatNumber(count)}`);
  const lines = tally.skippedCases.slice(0, LISTED).map(({ place, reason }) => `  ${place}: ${reason}`);
  const more = tally.skipped - lines.length;
  return [
    `${file}: not recorded: ${counts.join(', ')}`,
    ...lines,
    ...(more > 0 ? [`  … and ${formatNumber(more)} more; --json lists them`] : []),
    '',
  ];
}

function describeNotes(reports: readonly IngestReport[]): string[] {
  return reports.flatMap(({ file, tally }) => {
    const first = new Map(tally.listedNotes.toReversed().map((note) => [note.code, note]));
    return Object.entries(tally.notes).map(([code, count]) => {
      const note = first.get(code as keyof typeof tally.notes);
      return `${file}: ${code} ${formatNumber(count)}${note ? ` (${note.place}: ${note.text})` : ''}`;
    });
  });
}

function formatRefused({ file, line, column, problem }: RefusedFile): string {
  const place = line === null ? '' : `, line ${line}, column ${column ?? 1}`;
  return `Refused: ${file}${place}: ${problem}`;
}

function summarize(reports: readonly IngestReport[], refused: readonly RefusedFile[], dryRun: boolean): string {
  const sum = (count: (report: IngestReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const skipped = sum(({ tally }) => tally.skipped);
  const files = refused.length === 0 ? '' : `; ${formatCount(refused.length, 'file')} refused`;
  if (dryRun) {
    return `${formatCount(
      sum(({ tally }) => tally.cases),
      'case',
    )} would be recorded, ${formatNumber(skipped)} not${files}`;
  }
  const replayed = sum((report) => report.replayed);
  const recorded = sum((report) => report.recorded);
  return `${formatCount(recorded, 'case')} recorded, ${formatNumber(replayed)} known before, ${formatNumber(skipped)} not recorded${files}`;
}

function limit(lines: readonly string[]): string[] {
  const more = lines.length > LISTED ? [`… and ${formatNumber(lines.length - LISTED)} more`] : [];
  return [...lines.slice(0, LISTED), ...more];
}

/** The result of `ingest --json`. */
export function toIngestJson(
  reports: readonly IngestReport[],
  refused: readonly RefusedFile[],
  dryRun: boolean,
): object {
  return { dry_run: dryRun, files: reports.map((report) => toReportJson(report)), refused };
}
