import type { BenchDatabase } from './bench-database.js';
import type { BenchServer } from './bench-server.js';
import { batchCandidate, type Candidate, httpCandidate, livenessCandidate, pgbenchCandidate } from './candidate.js';
import { CountedResults } from './counted-results.js';
import { createLeanTables } from './lean-tables.js';
import { type NodeProcess, startNode } from './node-process.js';
import { type ServiceOptions, startOurService, variablesOf } from './our-service.js';
import { assertSameWork } from './same-work.js';

/** The database that those of the candidates are copies of. */
export const TEMPLATE = 'bench_template';

const ONE_TRANSACTION = ['--import', '@swc-node/register/esm-register', 'bench/one-transaction/main.ts'];

/** Processes of the candidate `workers`. */
const WORKERS = 2;

/** The candidates, each ready on a database of its own. */
export interface StartedCandidates {
  all: Candidate[];
  /** The database of ours. */
  ours: BenchDatabase;
  stop(): Promise<void>;
}

export async function startCandidates(
  server: BenchServer,
  withPgbench: boolean,
  options: ServiceOptions,
): Promise<StartedCandidates> {
  const started: NodeProcess[] = [];
  const stop = async () => {
    for (const service of started) await service.stop();
  };
  const start = async (starting: Promise<NodeProcess>, database: BenchDatabase) => {
    const service = await starting;
    started.push(service);
    return { url: service.url, database };
  };
  try {
    const oursDatabase = await server.createDatabase('bench_ours', TEMPLATE);
    const ours = await start(startOurService(oursDatabase, options), oursDatabase);
    const workersDatabase = await server.createDatabase('bench_workers', TEMPLATE);
    const workers = await start(startOurService(workersDatabase, options, WORKERS), workersDatabase);
    const rivalDatabase = await server.createDatabase('bench_one_transaction', TEMPLATE);
    const variables = variablesOf(rivalDatabase, options.prepared);
    const rival = await start(startNode(ONE_TRANSACTION, variables), rivalDatabase);
    const pgbench = withPgbench ? await server.createDatabase('bench_pgbench', TEMPLATE) : null;
    const lean = withPgbench ? await server.createDatabase('bench_lean') : null;
    if (lean) await createLeanTables(lean);
    await assertSameWork(ours, rival, pgbench);
    const counted = await CountedResults.of(ours.database);
    return {
      ours: ours.database,
      all: [
        httpCandidate('ours', ours.url, ours.database, counted),
        httpCandidate('workers', workers.url, workers.database, await CountedResults.of(workers.database)),
        batchCandidate(ours.url, ours.database, counted),
        ...(pgbench && lean
          ? [await pgbenchCandidate('pgbench', pgbench), await pgbenchCandidate('lean pgbench', lean)]
          : []),
        httpCandidate('one transaction', rival.url, rival.database, await CountedResults.of(rival.database)),
        livenessCandidate(ours.url),
      ],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
