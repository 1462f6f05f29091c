#!/usr/bin/env node
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { getErrorMessage } from '../common/index.js';
import { isUndefinedTable } from '../database/errors/index.js';
import { agentsCommand } from './commands/agents.command.js';
import { checkCommand } from './commands/check.command.js';
import { dbCommand } from './commands/db.command.js';
import { distributeCommand } from './commands/distribute.command.js';
import { exportCommand } from './commands/export.command.js';
import { importCommand } from './commands/import.command.js';
import { keysCommand } from './commands/keys.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { rebuildCommand } from './commands/rebuild.command.js';
import { verifyCommand } from './commands/verify.command.js';
import { EXIT_FAILED, EXIT_USAGE } from './exit-codes.js';
import { flushStdout, print } from './stdout.js';

const NOT_MIGRATED = "The database isn't migrated: run the command migrate, or start the service.";

const program = new Command('lvlup')
  .description('Commands for operators. They use the database that DATABASE_URL names, or the embedded one.')
  .addCommand(verifyCommand())
  .addCommand(rebuildCommand())
  .addCommand(checkCommand())
  .addCommand(agentsCommand())
  .addCommand(keysCommand())
  .addCommand(dbCommand())
  .addCommand(migrateCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(distributeCommand());

/** Commander ends with 1 on a bad command line, which here means that something failed. */
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command
    .exitOverride()
    .configureOutput({ writeOut: (help) => void print(help) })
    .showHelpAfterError();
}

try {
  await program.parseAsync().catch(handleUsageError);
  await flushStdout();
} catch (error) {
  console.error(getErrorMessage(error));
  if (isUndefinedTable(error)) console.error(NOT_MIGRATED);
  process.exitCode = EXIT_FAILED;
}

/** What Commander says it has printed already, be it help that was asked for or what is wrong with the command line. */
function handleUsageError(error: unknown): void {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) process.exitCode = EXIT_USAGE;
}
