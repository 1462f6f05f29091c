import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/common/error-message.js';
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

/** The command line can't be used; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * @returns null when help was asked for
 * @throws UsageError
 */
export function parseOptions(args: string[]): BenchOptions | null {
  const { help, seconds, rounds, connections, only, unprepared, profile, json } = valuesOf(args);
  if (help) return null;
  return {
    seconds: wholeNumber('--seconds', seconds, SECONDS_MAX),
    rounds: wholeNumber('--rounds', rounds, ROUNDS_MAX),
    connections: list(connections).map((item) => wholeNumber('--connections', item, SPREAD_AGENTS)),
    workloads: list(only).map(workload),
    prepared: !unprepared,
    profile: profile === undefined ? undefined : resolve(named('--profile', profile)),
    json: json === undefined ? undefined : writableFile(json),
  };
}

function valuesOf(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        seconds: { type: 'string', default: DEFAULTS.seconds },
        rounds: { type: 'string', default: DEFAULTS.rounds },
        connections: { type: 'string', default: DEFAULTS.connections },
        only: { type: 'string', default: DEFAULTS.only },
        unprepared: { type: 'boolean', default: false },
        profile: { type: 'string' },
        json: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Without what stands there twice. */
function list(text: string): string[] {
  return [...new Set(text.split(',').map((item) => item.trim()))];
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= 1 && number <= most) return number;
  throw new UsageError(`${option}: "${text}" is not a whole number from 1 to ${most}`);
}

function workload(text: string): Workload {
  const found = WORKLOADS.find((name) => name === text);
  if (found) return found;
  throw new UsageError(`--only: "${text}" is not one of ${WORKLOADS.join(', ')}`);
}

function named(option: string, path: string): string {
  if (path === '') throw new UsageError(`${option} needs a path`);
  return path;
}

/** Found out now and not after minutes of measuring. */
function writableFile(path: string): string {
  const file = resolve(named('--json', path));
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`--json: ${messageOf(error)}`);
  }
  return file;
}
