import { getErrorMessage } from '../../common/index.js';
import {
  createPostCommitIntegrityStep,
  migrate,
  MIGRATION_STEPS,
  type MigrationReport,
} from '../../legacy-migration/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { formatReport } from '../migration-report-lines.js';
import { createOperationsStep } from '../operations-step.js';
import { Output, type OutputOptions } from '../output.js';
import { prepareReportFolder, writeReport } from '../report-file.js';
import { runInSession, withDataSource } from '../session.js';

export interface MigrateOptions extends OutputOptions {
  dryRun?: boolean;
  reportDir: string;
}

export async function runMigrate({ dryRun = false, reportDir, ...options }: MigrateOptions): Promise<void> {
  const output = new Output(options);
  await prepareReportFolder(reportDir);
  const report = await migrateDatabase(dryRun, output);
  const file = await writeReport(reportDir, report);
  await output.result(report, [...formatReport(report), `report: ${file}`]);
  if (report.outcome === 'failed') process.exitCode = EXIT_FAILED;
}

/** Runs the migration. The report also covers a server that is unavailable or does not stop. */
async function migrateDatabase(dryRun: boolean, output: Output): Promise<MigrationReport> {
  let report: MigrationReport = {
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
        report = await migrate(dataSource, session.settings, {
          steps: MIGRATION_STEPS,
          postCommitSteps: [createPostCommitIntegrityStep(dataSource), createOperationsStep(session)],
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
    const advice = 'Fix the cause, and run the command again.';
    return { ...report, outcome: 'failed', failure: { step: 'connection', message: getErrorMessage(error), advice } };
  }
}
