import { Command } from 'commander';
import { check, type CheckedOperation } from '../../self-check/index.js';
import { withServices } from '../with-services.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession } from '../session.js';

export const checkCommand = (): Command =>
  new Command('check')
    .summary('try every operation on the database, and leave no trace')
    .description(
      'Does everything that the service does with the database, with timings: writes on an agent of its own, in one ' +
        'transaction that is rolled back, and reads of what is there. Nothing of it stays. Exits with 1 when one fails.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      const checked = await runInSession(output.note, (session) => withServices(session, check));
      await output.result(checked, checked.map(describe));
      if (checked.some(({ ok }) => !ok)) process.exitCode = EXIT_FAILED;
    });

function describe({ operation, ok, milliseconds, error }: CheckedOperation): string {
  const time = `${milliseconds.toFixed(2).padStart(9)} ms`;
  return ok ? `ok      ${time}  ${operation}` : `FAILED  ${time}  ${operation}: ${error ?? ''}`;
}
