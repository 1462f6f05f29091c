import { expect } from '@jest/globals';
import type { CrashDatabase } from './crash-database.js';
import type { Instance } from './instance.js';
import { checkLedger } from './ledger-check.js';
import { Load } from './load.js';
import { summarize } from './summary.js';

interface Scenario {
  /** Its line in the summary, and how the names of its agents begin. */
  name: string;
  database: CrashDatabase;
  /** All of them are under load. */
  instances: readonly Instance[];
  /** Makes the failures happen, and returns how many there were. */
  fail: (load: Load) => Promise<number>;
}

const SHOWN_PROBLEMS = 20;
const SHOWN_LOG_CHARACTERS = 4_000;

/** Makes failures happen under load, and expects that every acknowledged result counts, once, and nothing else does. */
export async function runScenario({ name, database, instances, fail }: Scenario): Promise<void> {
  const began = Date.now();
  const load = new Load(
    name,
    instances.map(({ url }) => url),
  );
  try {
    const kills = await fail(load);
    await load.stop();
    const { counted, problems } = await checkLedger(database.connection, load.results);
    await summarize({ name, kills, seconds: (Date.now() - began) / 1_000, results: load.results, counted });
    expect(shown([...load.problems, ...problems])).toEqual([]);
    expect(counted).toBeGreaterThan(0);
  } catch (error) {
    for (const { errors } of instances) if (errors !== '') console.error(errors.slice(-SHOWN_LOG_CHARACTERS));
    throw error;
  } finally {
    await load.abandon();
  }
}

function shown(problems: readonly string[]): string[] {
  const others = problems.length - SHOWN_PROBLEMS;
  return [...problems.slice(0, SHOWN_PROBLEMS), ...(others > 0 ? [`… and ${others} more`] : [])];
}
