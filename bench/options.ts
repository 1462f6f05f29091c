import { absolutePath, list, oneOf, optionValues, wholeNumber, writableFile } from './option-values.js';
import { SPREAD_AGENTS, WORKLOADS, type Workload } from './workloads.js';

const SECONDS_MAX = 60;
const ROUNDS_MAX = 20;
const DEFAULTS = { seconds: '3', rounds: '3', connections: '1,16,64,256', only: WORKLOADS.join(',') };

export const USAGE = `Usage: npm run bench -- [options]

Measures the service against pgbench, against a service of one transaction a request, and against itself without a
database, on a throw-away PostgreSQL with fsync on. What counts are the ratios.

  --seconds N         measured time of each cell, 1-${SECONDS_MAX} (${DEFAULTS.seconds})
  --rounds N          how often each cell is measured, 1-${ROUNDS_MAX}; the median is reported (${DEFAULTS.rounds})
  --connections LIST  connections of the cells, each 1-${SPREAD_AGENTS} (${DEFAULTS.connections})
  --only LIST         workloads to run, of ${WORKLOADS.join(', ')} (all)
  --unprepared        both services without prepared statements, as behind a transaction-pooling proxy; pgbench has them
  --profile DIR       writes a CPU profile of the service to this folder
  --json FILE         writes everything that was measured to this file
  --help              shows this
`;

export interface BenchOptions {
  seconds: number;
  rounds: number;
  connections: number[];
  workloads: Workload[];
  /** Whether the services prepare their statements. */
  prepared: boolean;
  /** Folder for the CPU profile. */
  profile: string | undefined;
  /** File for the results. */
  json: string | undefined;
}

/**
 * @returns null when help was asked for
 * @throws UsageError
 */
export function parseOptions(args: string[]): BenchOptions | null {
  const { help, seconds, rounds, connections, only, unprepared, profile, json } = optionValues(args, {
    help: { type: 'boolean', short: 'h', default: false },
    seconds: { type: 'string', default: DEFAULTS.seconds },
    rounds: { type: 'string', default: DEFAULTS.rounds },
    connections: { type: 'string', default: DEFAULTS.connections },
    only: { type: 'string', default: DEFAULTS.only },
    unprepared: { type: 'boolean', default: false },
    profile: { type: 'string' },
    json: { type: 'string' },
  });
  if (help) return null;
  return {
    seconds: wholeNumber('--seconds', seconds, SECONDS_MAX),
    rounds: wholeNumber('--rounds', rounds, ROUNDS_MAX),
    connections: list(connections).map((item) => wholeNumber('--connections', item, SPREAD_AGENTS)),
    workloads: list(only).map((name) => oneOf('--only', name, WORKLOADS)),
    prepared: !unprepared,
    profile: profile === undefined ? undefined : absolutePath('--profile', profile),
    json: json === undefined ? undefined : writableFile('--json', json),
  };
}
