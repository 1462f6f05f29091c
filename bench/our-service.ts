import type { BenchDatabase } from './bench-database.js';
import { type NodeProcess, startNode } from './node-process.js';

const MAIN = 'dist/src/main.js';

/**
 * Starts the built service as it is run in production, with the defaults of all settings that matter here.
 *
 * @param profile folder for a CPU profile, which is written when the service stops
 */
export function startOurService(database: BenchDatabase, profile?: string): Promise<NodeProcess> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
  return startNode([...profiling, MAIN], { DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
}
