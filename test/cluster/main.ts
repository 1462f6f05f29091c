import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from './cluster.js';
import { findPrograms } from './programs.js';
import { type Outcome, runScenario } from './run-scenario.js';
import { INSTANCES_KILLED, INSTANCES_RESTARTED, PRIMARY_KILLED } from './scenarios.js';

const INSTANCES = 3;
const KILLS = count('CLUSTER_KILLS', 3);
const FAILOVERS = count('CLUSTER_FAILOVERS', 2);
const FIXED_LIMIT_MS = 180_000;
const LIMIT_OF_A_FAILURE_MS = 60_000;

/** Runs the service as a cluster, lets parts of it fail, and prints what was counted. */
async function main(): Promise<void> {
  const programs = await findPrograms();
  if ('missing' in programs) {
    console.log(`skipped: no ${programs.missing.join(', ')} (Debian: apt-get install haproxy pgbouncer postgresql)`);
    return;
  }
  const cluster = await Cluster.start(programs);
  try {
    const outcomes = await Promise.race([runAll(cluster), limit(), interruption()]);
    console.table(Object.fromEntries(outcomes.map(({ scenario, ...counts }) => [scenario, counts])));
    console.log('verify: nothing differs');
  } finally {
    await cluster.stop();
  }
}

async function runAll(cluster: Cluster): Promise<Outcome[]> {
  return [
    await runScenario(INSTANCES_KILLED, cluster, KILLS),
    await runScenario(INSTANCES_RESTARTED, cluster, INSTANCES),
    await runScenario(PRIMARY_KILLED, cluster, FAILOVERS),
  ];
}

async function limit(): Promise<never> {
  const ms = FIXED_LIMIT_MS + (KILLS + FAILOVERS) * LIMIT_OF_A_FAILURE_MS;
  await sleep(ms, undefined, { ref: false });
  throw new Error(`not done within ${ms / 1_000} s`);
}

async function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        reject(new Error(`ended by ${signal}`));
      });
    }
  });
}

function count(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be an integer from 1`);
  return value;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
