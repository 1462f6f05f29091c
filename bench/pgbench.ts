import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseConnection } from '../src/config/database-url.js';
import { RAMP_SECONDS, type Sample, sampleOf } from './sample.js';
import type { AgentRange } from './workloads.js';

const PROGRAM = 'pgbench';
/** Scripts of pgbench: the work of the service, or only one UPDATE and one INSERT for each result. */
export const SCRIPTS = { pgbench: 'bench/custody-test.pgbench.sql', 'lean pgbench': 'bench/lean.pgbench.sql' } as const;
export type Script = keyof typeof SCRIPTS;
const LOG_PREFIX = 'transactions';
/** Entry of the log in place of the latency of a failed transaction. */
const FAILED = 'failed';
/** Of what it prints. */
const OUTPUT_BYTES_MAX = 1024 ** 2;

const run = promisify(execFile);

/** @returns its version; null where pgbench is not installed */
export async function installedPgbench(): Promise<string | null> {
  try {
    const { stdout } = await run(PROGRAM, ['--version']);
    return stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Records results of these agents, a transaction each, and waits for the last one of every connection. */
export async function runPgbench(
  script: Script,
  connection: DatabaseConnection,
  agents: AgentRange,
  connections: number,
  seconds: number,
): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'lvlup-pgbench-'));
  try {
    await pgbench(script, connection, agents, [
      ...[`--client=${connections}`, `--jobs=${Math.min(connections, availableParallelism())}`],
      ...[`--time=${RAMP_SECONDS + seconds}`, '--log', `--log-prefix=${join(folder, LOG_PREFIX)}`],
    ]);
    return sampleOfLog(await readLogs(folder), seconds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records one result. */
export async function runPgbenchOnce(connection: DatabaseConnection, agents: AgentRange): Promise<void> {
  await pgbench('pgbench', connection, agents, ['--transactions=1']);
}

async function pgbench(
  script: Script,
  connection: DatabaseConnection,
  { first, last }: AgentRange,
  options: string[],
): Promise<void> {
  await run(
    PROGRAM,
    [
      ...['--no-vacuum', '--protocol=prepared', `--file=${SCRIPTS[script]}`],
      ...[`--define=first=${first}`, `--define=last=${last}`, ...options],
    ],
    { env: { ...process.env, ...libpqVariables(connection) }, maxBuffer: OUTPUT_BYTES_MAX },
  );
}

function libpqVariables({ host, port, user, password, database }: DatabaseConnection): Record<string, string> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    ...(password !== undefined && { PGPASSWORD: password }),
  };
}

/** Each thread has a file of its own, which is empty if no transaction ended. */
async function readLogs(folder: string): Promise<string[]> {
  const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
  return files.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

interface Transaction {
  /** Milliseconds since 1970. */
  end: number;
  latency: number;
  failed: boolean;
}

/** A line is: client, number of its transaction, latency (µs), script, seconds and microseconds of the end. */
function transactionOf(line: string): Transaction {
  const [, , latency, , seconds, microseconds] = line.split(' ');
  return {
    end: Number(seconds) * 1e3 + Number(microseconds) / 1e3,
    latency: Number(latency) / 1e3,
    failed: latency === FAILED,
  };
}

function sampleOfLog(lines: readonly string[], seconds: number): Sample {
  const transactions = lines.map(transactionOf);
  const succeeded = transactions.filter(({ failed }) => !failed);
  const began = succeeded.reduce((earliest, { end, latency }) => Math.min(earliest, end - latency), Infinity);
  const start = began + RAMP_SECONDS * 1e3;
  const latencies = succeeded
    .filter(({ end }) => end >= start && end < start + seconds * 1e3)
    .map(({ latency }) => latency);
  return sampleOf(latencies, seconds, {
    acknowledged: succeeded.length,
    refused: transactions.length - succeeded.length,
    lost: 0,
  });
}
