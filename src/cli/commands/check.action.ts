import { runSelfCheck, type CheckedOperation } from '../../self-check/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession } from '../session.js';
import { withServices } from '../with-services.js';

export async function runCheck(options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const checked = await runInSession(output.note, (session) => withServices(session, runSelfCheck));
  await output.result(checked, checked.map(formatOperation));
  if (checked.some(({ ok }) => !ok)) process.exitCode = EXIT_FAILED;
}

function formatOperation({ operation, ok, milliseconds, error }: CheckedOperation): string {
  const time = `${milliseconds.toFixed(2).padStart(9)} ms`;
  return ok ? `ok      ${time}  ${operation}` : `FAILED  ${time}  ${operation}: ${error ?? ''}`;
}
