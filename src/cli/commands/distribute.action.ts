import { distribute, type DistributionState, inspectDistribution } from '../../distribution/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';

export interface DistributeOptions extends OutputOptions {
  dryRun?: boolean;
  yes?: boolean;
}

export async function runDistribute({ dryRun = false, yes = false, ...options }: DistributeOptions): Promise<void> {
  const output = new Output(options);
  const work = yes ? distribute : inspectDistribution;
  const state = await runInSession(output.note, (session) => withDataSource(session, 1, work));
  await output.result({ ...state, done: yes && state.statements.length > 0 }, formatResult(state, yes));
  if (state.statements.length === 0 || yes) return;
  output.note(state.obstacle ?? 'Nothing was changed. To run the statements: npm run cli -- distribute --yes');
  if (state.obstacle !== null || !dryRun) process.exitCode = EXIT_FAILED;
}

function formatResult({ distributed, statements }: DistributionState, done: boolean): string[] {
  if (statements.length === 0) return ['already distributed: nothing to do'];
  if (distributed && done) return ['already distributed: rebuild_rollups() was replaced'];
  if (!done) return formatPlan(statements);
  return [`distributed by ${statements.length} statements; start the service and run verify`];
}

/** Formats the statements as a psql script. */
export function formatPlan(statements: DistributionState['statements']): string[] {
  let purpose = '';
  const lines = statements.flatMap((statement) => {
    const heading = statement.purpose === purpose ? [] : [`-- ${statement.purpose}`];
    purpose = statement.purpose;
    return [...heading, `${statement.sql};`];
  });
  return ['BEGIN;', ...lines, 'COMMIT;'];
}
