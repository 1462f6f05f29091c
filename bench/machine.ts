import { availableParallelism, cpus } from 'node:os';
import type { BenchDatabase } from './bench-database.js';
import { installedPgbench } from './pgbench.js';
import { median } from './sample.js';

const COMMITS = 300;

/** Conditions that affect the times, and hardly the ratios. */
export interface Machine {
  cores: number;
  processor: string;
  node: string;
  postgres: string;
  /** Its version; null where it is not installed. */
  pgbench: string | null;
  /** Median time of a transaction of one small row by one connection, in milliseconds: about an fsync. */
  commitMs: number;
}

export async function describeMachine(database: BenchDatabase): Promise<Machine> {
  const [server] = await database.query<{ server_version: string }>('SHOW server_version');
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    postgres: server?.server_version ?? 'unknown',
    pgbench: await installedPgbench(),
    commitMs: await commitTime(database),
  };
}

async function commitTime(database: BenchDatabase): Promise<number> {
  await database.query('CREATE TABLE commits (number integer)');
  const times: number[] = [];
  for (let number = 0; number < COMMITS; number++) {
    const start = performance.now();
    await database.query('INSERT INTO commits VALUES ($1)', [number]);
    times.push(performance.now() - start);
  }
  await database.query('DROP TABLE commits');
  return median(times);
}
