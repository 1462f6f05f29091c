import type { MoveReport } from '../legacy-migration/index.js';

const OUTCOMES = {
  changed: 'The database was moved.',
  would_change: 'Dry run: all of this works, and was undone. Nothing was changed.',
  nothing_to_do: 'Nothing to do: the database is as this release needs it.',
  failed: 'FAILED.',
} as const satisfies Record<MoveReport['outcome'], string>;

/** A report in words. */
export function formatReport({ steps, outcome, failure, seconds }: MoveReport): string[] {
  return [
    ...steps.flatMap(({ name, summary }) => [name, ...summary.map((line) => `  ${line}`)]),
    ...(failure ? [`${failure.step}: ${failure.message}`, failure.advice] : []),
    `${OUTCOMES[outcome]} ${seconds.toFixed(1)} s`,
  ];
}
