import { CustodyService, type Gate } from '../../custody/index.js';
import { parseJson } from '../../common/index.js';
import { CommandError, EXIT_ERROR, EXIT_FAILED } from '../exit-codes.js';
import { type EligibilityDocument, findEligibility } from '../gate/eligibility-document.js';
import { formatGate } from '../gate/gate-lines.js';
import { fetchEligibility } from '../gate/remote-eligibility.js';
import { Output, type OutputOptions } from '../output.js';
import { openService } from '../remote/open-service.js';
import { runInSession } from '../session.js';
import { flushStdout } from '../stdout.js';
import { withServices } from '../with-services.js';

export interface GateOptions extends OutputOptions {
  url?: string;
  /** Seconds. */
  timeout: number;
}

/** @throws CommandError with EXIT_ERROR, so that a failure differs from an unmet requirement */
export async function runGate(agentType: string, gate: Gate, options: GateOptions): Promise<void> {
  try {
    const output = new Output(options);
    const document = await (options.url === undefined
      ? readEligibility(agentType, output)
      : readRemoteEligibility(agentType, options.url, options.timeout, output));
    const eligibility = findEligibility(document, agentType, gate);
    if (!eligibility) throw new Error(`The response is not an eligibility document of ${JSON.stringify(agentType)}.`);
    await output.result(document, formatGate(agentType, gate, eligibility));
    await flushStdout();
    if (!eligibility.eligible) process.exitCode = EXIT_FAILED;
  } catch (error) {
    throw new CommandError(EXIT_ERROR, error);
  }
}

/** The same document as that of the REST API, from the database. */
async function readEligibility(agentType: string, output: Output): Promise<object> {
  const document = await runInSession(output.note, (session) =>
    withServices(session, async (services): Promise<EligibilityDocument> => {
      const eligibility = await services.get(CustodyService, { strict: false }).checkEligibilities(agentType);
      return { status: 'success', agent_type: agentType, eligibility, timestamp: new Date() };
    }),
  );
  return parseJson(JSON.stringify(document)) as object;
}

async function readRemoteEligibility(
  agentType: string,
  text: string,
  timeoutSeconds: number,
  output: Output,
): Promise<object> {
  const service = openService(text, timeoutSeconds, output.note);
  return Object(await fetchEligibility(service, agentType)) as object;
}
