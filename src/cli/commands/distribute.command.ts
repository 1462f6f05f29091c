import { Command } from 'commander';
import { distribute, type Prospect, prospectOf } from '../../distribution/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { withDataSource, runInSession } from '../session.js';

interface DistributeOptions extends OutputOptions {
  dryRun?: boolean;
  yes?: boolean;
}

export const distributeCommand = (): Command =>
  new Command('distribute')
    .summary('distribute the tables over several servers, by Citus')
    .description(
      'Turns a database with the extension Citus into the distributed form: agents, their events and rollups go to the ' +
        'workers, by agent type. In one transaction; nobody else must use the database meanwhile. Says what it would do, and ' +
        'does it with --yes only. There is no way back but export and import: docs/scaling.md says what differs then. Exits ' +
        'with 1 and the reason when it cannot be done.',
    )
    .option('--dry-run', 'print the statements, and do nothing')
    .option('--yes', 'do it')
    .option('--json', 'print the result as JSON')
    .action(async ({ dryRun = false, yes = false, ...options }: DistributeOptions, command: Command) => {
      if (dryRun && yes) command.error("error: option '--dry-run' cannot be used with option '--yes'");
      const output = new Output(options);
      const done = yes ? distribute : prospectOf;
      const prospect = await runInSession(output.note, (session) => withDataSource(session, 1, done));
      await output.result({ ...prospect, done: yes && !prospect.distributed }, formatResult(prospect, yes));
      if (prospect.distributed || yes) return;
      output.note(prospect.obstacle ?? 'Nothing was changed. To do that: npm run cli -- distribute --yes');
      if (prospect.obstacle !== null || !dryRun) process.exitCode = EXIT_FAILED;
    });

function formatResult({ distributed, statements }: Prospect, done: boolean): string[] {
  if (distributed) return ['already distributed: nothing to do'];
  if (done)
    return [`distributed by ${statements.length} statements; start the service, and check all numbers with verify`];
  return formatPlan(statements);
}

/** The statements as a script that psql takes. */
export function formatPlan(statements: Prospect['statements']): string[] {
  let purpose = '';
  const lines = statements.flatMap((statement) => {
    const heading = statement.purpose === purpose ? [] : [`-- ${statement.purpose}`];
    purpose = statement.purpose;
    return [...heading, `${statement.sql};`];
  });
  return ['BEGIN;', ...lines, 'COMMIT;'];
}
