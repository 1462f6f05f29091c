import { type VerificationResult, verify } from '../../verification/index.js';
import { describeDifference } from '../describe-difference.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { formatCount, formatNumber } from '../format-count.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';

export async function runVerify(options: OutputOptions): Promise<void> {
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
  await output.result(verification, [summarize(verification)]);
  if (verification.differences > 0) process.exitCode = EXIT_FAILED;
}

function summarize({ agents, events, tombstones, differences }: VerificationResult): string {
  const found = differences === 0 ? 'nothing differs' : formatCount(differences, 'difference');
  const erased = tombstones === 0 ? '' : `, ${formatCount(tombstones, 'tombstone')}`;
  return `${formatCount(agents, 'agent')}, ${formatCount(events, 'event')}${erased}: ${found}`;
}
