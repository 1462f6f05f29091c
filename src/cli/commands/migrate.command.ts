import { Command } from 'commander';
import type { MigrateOptions } from './migrate.action.js';

const STEPS = `
Steps, in one transaction:
  schema          creates or updates the tables
  legacy rows     migrates the agent_metrics table of the old backend: each row
                  is recorded in the ledger; invalid values are repaired, rows
                  with the same agent type are merged. The old table is kept as
                  agent_metrics_legacy
  manual rows     records rows in the ledger that were inserted manually
  default agents  creates imperium, guardian, sandbox and conquest if missing
  integrity       compares every migrated number with the ledger, as \`verify\`
                  does
Then, unless it is a dry run:
  integrity       of the tables that existed before, also while others write
  operations      tries every operation and rolls back, as \`check\` does

Before: stop the old backend, and make a backup. docs/migration.md describes
the whole migration, and the way back.

Examples:
  DATABASE_URL=postgresql://… npm run cli -- migrate --dry-run
  DATABASE_URL=postgresql://… npm run cli -- migrate --report-dir reports`;

export const migrateCommand = (): Command =>
  new Command('migrate')
    .summary('migrate the database of an old backend to this release')
    .description(
      'Waits for the database, creates the tables, migrates the agent_metrics table of an old backend if there is one, and ' +
        'checks the result. Commits everything or nothing. Can be repeated: it does what remains to be done. Writes ' +
        'migration-report-<time>.json. Exits with 1 and advice if a step fails.',
    )
    .option('--dry-run', 'run and report everything, then roll back')
    .option('--report-dir <folder>', 'folder for the report', '.')
    .option('--json', 'print the report instead of the summary')
    .addHelpText('after', STEPS)
    .action(async (options: MigrateOptions) => {
      const { runMigrate } = await import('./migrate.action.js');
      await runMigrate(options);
    });
