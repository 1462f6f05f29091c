import { Command } from 'commander';
import { getErrorMessage } from '../../common/index.js';
import { integrityAfterwards, move, type MoveReport } from '../../legacy-migration/index.js';
import { MOVE_STEPS } from '../../legacy-migration/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { formatReport } from '../migration-report-lines.js';
import { createOperationsStep } from '../operations-step.js';
import { Output, type OutputOptions } from '../output.js';
import { prepareReportFolder, writeReport } from '../report-file.js';
import { withDataSource, runInSession } from '../session.js';

interface MigrateOptions extends OutputOptions {
  dryRun?: boolean;
  reportDir: string;
}

const STEPS = `
Steps, all of them in one transaction:
  schema          makes or updates the tables
  take-over       takes over the agent_metrics table of an older backend: each
                  row goes into the ledger as it was; values that break a rule
                  are repaired, rows with the same agent type merged. The old
                  table is kept as agent_metrics_legacy
  rows by hand    takes rows into the ledger that were inserted past the service
  default agents  creates imperium, guardian, sandbox and conquest where missing
  integrity       checks every number that was taken over against the ledger, as
                  \`verify\` does
and then, unless it is a dry run:
  integrity       of tables that were there before, while others may be writing
  operations      tries every operation, and leaves no trace, as \`check\` does

Before: stop the old backend, and make a backup. docs/migration.md leads through
the whole move, and back.

Examples:
  DATABASE_URL=postgresql://… npm run cli -- migrate --dry-run
  DATABASE_URL=postgresql://… npm run cli -- migrate --report-dir reports`;

export const migrateCommand = (): Command =>
  new Command('migrate')
    .summary('move a database to this release, and take over the table of an older backend')
    .description(
      'Waits for the database, makes the tables, takes over the agent_metrics table of an older backend where there is ' +
        'one, and checks what came out: all of it, or nothing. Safe to run again: it does what is left to do. Writes ' +
        'migration-report-<time>.json. Exits with 1 when anything failed, and says what to do.',
    )
    .option('--dry-run', 'do everything, report it, and undo it: nothing is changed')
    .option('--report-dir <folder>', 'where the report goes', '.')
    .option('--json', 'print the report instead of the summary')
    .addHelpText('after', STEPS)
    .action(async ({ dryRun = false, reportDir, ...options }: MigrateOptions) => {
      const output = new Output(options);
      await prepareReportFolder(reportDir);
      const report = await reported(dryRun, output);
      const file = await writeReport(reportDir, report);
      await output.result(report, [...formatReport(report), `report: ${file}`]);
      if (report.outcome === 'failed') process.exitCode = EXIT_FAILED;
    });

/** The move, where also a server that can't be reached, or doesn't stop, is reported. */
async function reported(dryRun: boolean, output: Output): Promise<MoveReport> {
  let report: MoveReport = {
    started_at: new Date().toISOString(),
    seconds: 0,
    dry_run: dryRun,
    outcome: 'failed',
    committed: false,
    steps: [],
    failure: null,
  };
  try {
    await runInSession(output.note, (session) =>
      withDataSource(session, 1, async (dataSource) => {
        report = await move(dataSource, session.settings, {
          steps: MOVE_STEPS,
          afterwards: [integrityAfterwards(dataSource), createOperationsStep(session)],
          dryRun,
          progress: output.progress,
          onStep: (name) => {
            output.note(`${name} …`);
          },
        });
      }),
    );
    return report;
  } catch (error) {
    const failure = {
      step: 'connection',
      message: getErrorMessage(error),
      advice: 'Mend that, and run the command again.',
    };
    return { ...report, outcome: 'failed', failure };
  }
}
