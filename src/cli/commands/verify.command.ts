import { Command } from 'commander';
import { type Verification, verify } from '../../verification/index.js';
import { formatNumber, formatCount } from '../format-count.js';
import { describeDifference } from '../describe-difference.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { withDataSource, runInSession } from '../session.js';

export const verifyCommand = (): Command =>
  new Command('verify')
    .summary('check every number against the ledger')
    .description(
      'Folds the ledger of every agent and compares what comes out with its row and with the rollups; checks that versions ' +
        'have no gap and that each event is what its hash says. Reads the database as it is at one moment, while a service ' +
        'may go on writing, and changes nothing. Names each difference when it finds it (with --json the first 1,000, in the ' +
        'result), and exits with 1 when there is one.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      const verification = await runInSession(output.note, (session) =>
        withDataSource(session, 1, (dataSource) =>
          verify(
            dataSource,
            ({ agents, totalAgents, events }) => {
              const words = `${formatNumber(agents)} of ${formatNumber(totalAgents)} agents, ${formatNumber(events)} events`;
              output.progress(agents, totalAgents, words);
            },
            (difference) => {
              output.line(describeDifference(difference));
            },
          ),
        ),
      );
      await output.result(verification, [summary(verification)]);
      if (verification.differences > 0) process.exitCode = EXIT_FAILED;
    });

function summary({ agents, events, differences }: Verification): string {
  const found = differences === 0 ? 'nothing differs' : formatCount(differences, 'difference');
  return `${formatCount(agents, 'agent')}, ${formatCount(events, 'event')}: ${found}`;
}
