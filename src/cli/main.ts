#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { agentsCommand } from './commands/agents.command.js';
import { checkCommand } from './commands/check.command.js';
import { dbCommand } from './commands/db.command.js';
import { distributeCommand } from './commands/distribute.command.js';
import { exportCommand } from './commands/export.command.js';
import { gateCommand } from './commands/gate.command.js';
import { importCommand } from './commands/import.command.js';
import { ingestCommand } from './commands/ingest.command.js';
import { keysCommand } from './commands/keys.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { eraseCommand, mergeCommand, renameCommand } from './commands/lifecycle.command.js';
import { rebuildCommand } from './commands/rebuild.command.js';
import { verifyCommand } from './commands/verify.command.js';
import { CommandError, EXIT_FAILED, EXIT_USAGE } from './exit-codes.js';
import { flushStdout, print } from './stdout.js';

/*
 * Only the definitions of the CLI commands are loaded here. Each action loads its code when it is called, so that help and
 * usage errors are fast.
 */

const NOT_MIGRATED = 'The schema migrations have not been run: run the command migrate, or start the service.';

const program = new Command('lvlup-agent-metrics')
  .description('CLI commands for operators. They use the database in DATABASE_URL, or the embedded PostgreSQL.')
  .addCommand(verifyCommand())
  .addCommand(rebuildCommand())
  .addCommand(checkCommand())
  .addCommand(gateCommand())
  .addCommand(agentsCommand())
  .addCommand(renameCommand())
  .addCommand(mergeCommand())
  .addCommand(eraseCommand())
  .addCommand(keysCommand())
  .addCommand(dbCommand())
  .addCommand(migrateCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(ingestCommand())
  .addCommand(distributeCommand());

// Commander exits with 1 on an invalid command line; here, 1 means failure and 2 an invalid command line.
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command
    .exitOverride()
    .configureOutput({ writeOut: (help) => void print(help) })
    .showHelpAfterError();
}

try {
  await program.parseAsync().catch(handleUsageError);
  await flushStdout();
} catch (thrown) {
  const error: unknown = thrown instanceof CommandError ? thrown.cause : thrown;
  const [{ getErrorMessage }, { isUndefinedTable }] = await Promise.all([
    import('../common/index.js'),
    import('../database/errors/index.js'),
  ]);
  console.error(getErrorMessage(error));
  if (isUndefinedTable(error)) console.error(NOT_MIGRATED);
  process.exitCode = thrown instanceof CommandError ? thrown.exitCode : EXIT_FAILED;
}

/** Handles requested help and usage errors, which Commander has printed already. */
function handleUsageError(error: unknown): void {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) process.exitCode = EXIT_USAGE;
}
