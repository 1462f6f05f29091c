#!/usr/bin/env node
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { messageOf } from '../common/error-message.js';
import { rebuildCommand } from './commands/rebuild.command.js';
import { verifyCommand } from './commands/verify.command.js';
import { EXIT_FAILED, EXIT_USAGE } from './exit-codes.js';

const program = new Command('lvlup')
  .description('Commands for operators. They use the database that DATABASE_URL names, or the embedded one.')
  .addCommand(verifyCommand())
  .addCommand(rebuildCommand())
  .showHelpAfterError();

/** Commander ends with 1 on a bad command line, which here means that something failed. */
for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code.startsWith('lvlup.')) console.error(error.message);
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  } else {
    console.error(messageOf(error));
    process.exitCode = EXIT_FAILED;
  }
}
