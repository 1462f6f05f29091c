import type { MigrationReport } from '../legacy-migration/index.js';

const OUTCOMES = {
  changed: 'The database was migrated.',
  would_change: 'Dry run: all steps succeeded and were rolled back. Nothing was changed.',
  nothing_to_do: 'Nothing to do: the database is up to date.',
  failed: 'FAILED.',
} as const satisfies Record<MigrationReport['outcome'], string>;

/** Formats a report as text. */
export function formatReport({ steps, outcome, failure, seconds }: MigrationReport): string[] {
  return [
    ...steps.flatMap(({ name, summary }) => [name, ...summary.map((line) => `  ${line}`)]),
    ...(failure ? [`${failure.step}: ${failure.message}`, failure.advice] : []),
    `${OUTCOMES[outcome]} ${seconds.toFixed(1)} s`,
  ];
}
