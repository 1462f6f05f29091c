import type { BenchDatabase } from './bench-database.js';
import { CountedResults } from './counted-results.js';
import { loadOverHttp } from './http-load.js';
import { runPgbench, type Script } from './pgbench.js';
import type { Sample } from './sample.js';
import { AGENTS, BATCH_SIZE, batchesByConnection, isWrite, requestsByConnection, type Workload } from './workloads.js';

export const CANDIDATES = [
  'ours',
  'workers',
  'batches',
  'pgbench',
  'lean pgbench',
  'one transaction',
  'no database',
] as const;
export type CandidateName = (typeof CANDIDATES)[number];

/** Something whose speed is measured. */
export interface Candidate {
  name: CandidateName;
  takes: (workload: Workload) => boolean;
  /** @throws MiscountError when it acknowledged other results than its database counts */
  measure: (workload: Workload, connections: number, seconds: number) => Promise<Sample>;
}

/** A service with a database of its own. */
export function httpCandidate(
  name: CandidateName,
  url: string,
  database: BenchDatabase,
  counted: CountedResults,
): Candidate {
  return {
    name,
    takes: () => true,
    measure: async (workload, connections, seconds) => {
      const sample = await loadOverHttp(url, requestsByConnection(workload, connections), seconds);
      if (isWrite(workload)) {
        await counted.check(sample);
        await database.tidy();
      }
      return sample;
    },
  };
}

/** Our service with batches of results instead of single ones, on the same database. */
export function batchCandidate(url: string, database: BenchDatabase, counted: CountedResults): Candidate {
  return {
    name: 'batches',
    takes: isWrite,
    measure: async (workload, connections, seconds) => {
      const requests = batchesByConnection(workload, connections);
      const { perSecond, acknowledged, lost, ...rest } = await loadOverHttp(url, requests, seconds);
      const sample = {
        ...rest,
        perSecond: perSecond * BATCH_SIZE,
        acknowledged: acknowledged * BATCH_SIZE,
        lost: lost * BATCH_SIZE,
      };
      await counted.settle();
      await counted.check(sample);
      await database.tidy();
      return sample;
    },
  };
}

/** PostgreSQL itself, without any service before it. */
export async function pgbenchCandidate(name: Script, database: BenchDatabase): Promise<Candidate> {
  const counted = await CountedResults.of(database);
  return {
    name,
    takes: isWrite,
    measure: async (workload, connections, seconds) => {
      const sample = await runPgbench(name, database.connection, AGENTS[workload], connections, seconds);
      await counted.check(sample);
      await database.tidy();
      return sample;
    },
  };
}

/** A service's answer that needs no database: what HTTP alone costs. */
export function livenessCandidate(url: string): Candidate {
  return {
    name: 'no database',
    takes: (workload) => workload === 'read',
    measure: (_workload, connections, seconds) =>
      loadOverHttp(url, Array<[{ path: string }]>(connections).fill([{ path: '/health/live' }]), seconds),
  };
}
