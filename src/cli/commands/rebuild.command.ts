import { Command, Option } from 'commander';
import { type Rebuild, rebuild } from '../../verification/index.js';
import { describeDifference } from '../describe-difference.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { formatNumber, formatCount } from '../format-count.js';
import { withDataSource, runInSession } from '../session.js';

interface RebuildOptions extends OutputOptions {
  agent?: string;
  all?: boolean;
  dryRun?: boolean;
}

export const rebuildCommand = (): Command =>
  new Command('rebuild')
    .summary('make rows and rollups anew from the ledger')
    .description(
      'Folds the ledger and writes what comes out where a row or a rollup says something else, whatever it says. Each ' +
        'difference is shown before it is written away. A service may go on meanwhile. An agent whose chain of events is ' +
        'broken, or that has no events, is left as it is. The command exits with 1 when differences are left.',
    )
    .addOption(new Option('--agent <agent_type>', 'this agent only').conflicts('all'))
    .option('--all', 'all agents')
    .option('--dry-run', 'show the differences, and write nothing')
    .option('--json', 'print the result as JSON')
    .action(async ({ agent, all, dryRun = false, ...options }: RebuildOptions, command: Command) => {
      if (agent === undefined && !all) command.error('error: say --agent <agent_type> or --all');
      const output = new Output(options);
      const done = await runInSession(output.note, (session) =>
        withDataSource(session, 2, (dataSource) =>
          rebuild(dataSource, session.settings, {
            agentType: agent,
            dryRun,
            onDifference: (difference) => {
              output.note(describeDifference(difference));
            },
            onProgress: (agents, total) => {
              output.progress(agents, total, `${formatNumber(agents)} of ${formatNumber(total)} agents`);
            },
          }),
        ),
      );
      await output.result({ ...done, dryRun }, formatResult(done, dryRun));
      if (done.unsound.length > 0) process.exitCode = EXIT_FAILED;
    });

function formatResult({ agents, rows, differences, unsound }: Rebuild, dryRun: boolean): string[] {
  const written = dryRun ? 'to be written' : 'written';
  return [
    ...unsound.map(
      (agentType) => `${agentType}: differences are left; its events don't say what it should be (see verify)`,
    ),
    `${formatCount(agents, 'agent')}: ${formatCount(differences, 'difference')}, ${formatCount(rows, 'row')} ${written}`,
  ];
}
