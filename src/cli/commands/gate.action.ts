import { CustodyService, type Gate } from '../../custody/index.js';
import { parseJson } from '../../common/index.js';
import { loadClientSettings } from '../../config/index.js';
import { isLoopback } from '../../auth/index.js';
import { CommandError, EXIT_ERROR, EXIT_FAILED } from '../exit-codes.js';
import { type EligibilityDocument, findEligibility } from '../gate/eligibility-document.js';
import { formatGate } from '../gate/gate-lines.js';
import { fetchEligibility, parseServiceUrl } from '../gate/remote-eligibility.js';
import { Output, type OutputOptions } from '../output.js';
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
  const url = parseServiceUrl(text);
  if (!url) throw new Error('--url must be an http:// or https:// URL without credentials, query and fragment.');
  const { apiKey } = loadClientSettings(process.env);
  if (apiKey !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))) {
    output.note('Warning: the API key is sent without encryption. Use an https:// URL.');
  }
  return Object(await fetchEligibility({ url, apiKey, timeoutMs: timeoutSeconds * 1_000 }, agentType)) as object;
}
