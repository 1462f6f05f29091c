import type { BenchDatabase } from './bench-database.js';
import { type NodeProcess, startNode } from './node-process.js';

export const MAIN = 'dist/src/main.js';

/** How the services of a run are started. */
export interface ServiceOptions {
  /** Whether they prepare their statements. */
  prepared: boolean;
  /** Folder for a CPU profile of ours, which is written when it stops. */
  profile: string | undefined;
}

/** Starts the built service as it is run in production, with the defaults of all other settings that matter here. */
export function startOurService(
  database: BenchDatabase,
  { prepared, profile }: ServiceOptions,
  workers = 1,
): Promise<NodeProcess> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
  const variables = { ...variablesOf(database, prepared), LOG_LEVEL: 'warn', WORKERS: String(workers) };
  return startNode([...profiling, MAIN], variables);
}

/** Environment variables of both services. */
export function variablesOf(database: BenchDatabase, prepared: boolean): Record<string, string> {
  return { DATABASE_URL: database.url, PREPARED_STATEMENTS: prepared ? 'on' : 'off' };
}
