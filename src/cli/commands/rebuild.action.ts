import { type RebuildResult, rebuild } from '../../verification/index.js';
import { describeDifference } from '../describe-difference.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { formatCount, formatNumber } from '../format-count.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';

export interface RebuildOptions extends OutputOptions {
  agent?: string;
  all?: boolean;
  dryRun?: boolean;
}

export async function runRebuild({ agent, dryRun = false, ...options }: RebuildOptions): Promise<void> {
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
}

function formatResult({ agents, rows, differences, unsound }: RebuildResult, dryRun: boolean): string[] {
  const written = dryRun ? 'to be written' : 'written';
  return [
    ...unsound.map((agentType) => `${agentType}: differences remain; its events do not determine a state (see verify)`),
    `${formatCount(agents, 'agent')}: ${formatCount(differences, 'difference')}, ${formatCount(rows, 'row')} ${written}`,
  ];
}
