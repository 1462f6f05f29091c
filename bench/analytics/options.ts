import { list, optionValues, UsageError, wholeNumber, writableFile } from '../option-values.js';
import { type Request, REQUESTS } from './requests.js';

const EVENTS_MAX = 100_000_000;
const AGENTS_MAX = 1_000_000;
const EVENTS_OF_AN_AGENT_MAX = 10_000;
const REQUESTS_MAX = 10_000;
const DEFAULTS = { events: '10000,10000000', agents: '100000', requests: '200' };

export const USAGE = `Usage: npm run bench:analytics -- [options]

Measures the requests for analytics and rankings, and a write, on a small ledger and on a large one with as many agents,
which it generates on a throw-away PostgreSQL. What counts are the ratios. With the defaults it takes some 15 minutes and
25 GB of disk in the folder for temporary files (TMPDIR).

  --events LIST    events of both ledgers, the smaller one first, each 1-${EVENTS_MAX} and at most ${EVENTS_OF_AN_AGENT_MAX} for each agent (${DEFAULTS.events})
  --agents N       agents in each, 1-${AGENTS_MAX} (${DEFAULTS.agents})
  --requests N     how often each request is measured with each ledger, 1-${REQUESTS_MAX} (${DEFAULTS.requests})
  --only LIST      requests to measure: those whose method and path contain one of these (all)
  --json FILE      writes everything that was measured to this file
  --help           shows this

Requests:
${REQUESTS.map((request) => `  ${request}`).join('\n')}
`;

export interface AnalyticsOptions {
  /** Of the small ledger and of the large one. */
  events: [number, number];
  agents: number;
  /** How often each request is measured with each ledger. */
  times: number;
  requests: Request[];
  /** File for the results. */
  json: string | undefined;
}

/**
 * @returns null when help was asked for
 * @throws UsageError
 */
export function parseOptions(args: string[]): AnalyticsOptions | null {
  const {
    help,
    events,
    agents: agentsText,
    requests,
    only,
    json,
  } = optionValues(args, {
    help: { type: 'boolean', short: 'h', default: false },
    events: { type: 'string', default: DEFAULTS.events },
    agents: { type: 'string', default: DEFAULTS.agents },
    requests: { type: 'string', default: DEFAULTS.requests },
    only: { type: 'string' },
    json: { type: 'string' },
  });
  if (help) return null;
  const agents = wholeNumber('--agents', agentsText, AGENTS_MAX);
  return {
    events: twoSizes(events, agents),
    agents,
    times: wholeNumber('--requests', requests, REQUESTS_MAX),
    requests: only === undefined ? [...REQUESTS] : requestsWith(list(only)),
    json: json === undefined ? undefined : writableFile('--json', json),
  };
}

function twoSizes(text: string, agents: number): [number, number] {
  const most = Math.min(EVENTS_MAX, EVENTS_OF_AN_AGENT_MAX * agents);
  const [small, large, ...others] = list(text).map((item) => wholeNumber('--events', item, most));
  if (small !== undefined && large !== undefined && small < large && others.length === 0) return [small, large];
  throw new UsageError(`--events: "${text}" is not two numbers, the smaller one first`);
}

function requestsWith(texts: string[]): Request[] {
  const found = REQUESTS.filter((request) => texts.some((text) => request.includes(text)));
  if (found.length > 0) return found;
  throw new UsageError(`--only: no request contains "${texts.join('" or "')}"`);
}
