import { list, oneOf, optionValues, wholeNumber, writableFile } from '../option-values.js';
import { SPREAD_AGENTS, WORKLOADS, type Workload } from '../workloads.js';

const SECONDS_MAX = 60;
const ROUNDS_MAX = 20;
const DEFAULTS = { seconds: '4', rounds: '5', connections: '64', only: 'hot,read' };

export const USAGE = `Usage: npm run bench:telemetry -- [options]

Measures what telemetry costs: the service without any, with metrics, with a line in the log for each request as well, and
with traces of every request besides, in turns, on a throw-away PostgreSQL. What counts are the ratios, and the
instructions that the process takes for a request (Linux with perf).

  --seconds N       measured time of each cell, 1-${SECONDS_MAX} (${DEFAULTS.seconds})
  --rounds N        how often each cell is measured, 1-${ROUNDS_MAX}; the median is reported (${DEFAULTS.rounds})
  --connections N   connections, 1-${SPREAD_AGENTS} (${DEFAULTS.connections})
  --only LIST       workloads to run, of ${WORKLOADS.join(', ')} (${DEFAULTS.only})
  --json FILE       writes everything that was measured to this file
  --help            shows this
`;

export interface TelemetryOptions {
  seconds: number;
  rounds: number;
  connections: number;
  workloads: Workload[];
  json: string | undefined;
}

/**
 * @returns null when help was asked for
 * @throws UsageError
 */
export function parseOptions(args: string[]): TelemetryOptions | null {
  const { help, seconds, rounds, connections, only, json } = optionValues(args, {
    help: { type: 'boolean', short: 'h', default: false },
    seconds: { type: 'string', default: DEFAULTS.seconds },
    rounds: { type: 'string', default: DEFAULTS.rounds },
    connections: { type: 'string', default: DEFAULTS.connections },
    only: { type: 'string', default: DEFAULTS.only },
    json: { type: 'string' },
  });
  if (help) return null;
  return {
    seconds: wholeNumber('--seconds', seconds, SECONDS_MAX),
    rounds: wholeNumber('--rounds', rounds, ROUNDS_MAX),
    connections: wholeNumber('--connections', connections, SPREAD_AGENTS),
    workloads: list(only).map((name) => oneOf('--only', name, WORKLOADS)),
    json: json === undefined ? undefined : writableFile('--json', json),
  };
}
