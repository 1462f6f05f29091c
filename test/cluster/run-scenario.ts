import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { checkLedger } from '../crash/ledger-check.js';
import { Load } from '../crash/load.js';
import { nameOf } from '../crash/sent-result.js';
import type { Cluster } from './cluster.js';
import type { Scenario } from './scenarios.js';

const CLI = 'dist/src/cli/main.js';
const SHOWN_PROBLEMS = 20;

/** Result of a scenario. */
export interface Outcome {
  scenario: string;
  failures: number;
  seconds: number;
  /** Test results that clients had to report. */
  results: number;
  requests: number;
  acknowledged: number;
  /** Test results in the ledger. */
  counted: number;
  /** Requests that left open whether they were recorded. */
  'unknown outcomes': number;
  /** Results of which one was unknown, and which were acknowledged when they were sent again with their key. */
  settled: number;
  /** Of those that were acknowledged when sent again: how many had been recorded before. */
  replayed: number;
  /** Results without a key that got no answer: counted once or not at all. */
  'given up': number;
}

/** Lets failures happen under load; checks every result against the ledger, and then the whole database. */
export async function runScenario(
  { name, fail, problemOf = () => null }: Scenario,
  cluster: Cluster,
  failures: number,
): Promise<Outcome> {
  const began = Date.now();
  const prefix = name.replaceAll(' ', '-');
  const load = new Load(prefix, [cluster.url]);
  try {
    await fail(cluster, load, failures);
    await load.stop();
  } finally {
    await load.abandon();
  }
  const { results } = load;
  const { counted, problems } = await checkLedger(cluster.connection(), results);
  const wrong = results.flatMap((result) => {
    const problem = problemOf(result);
    return problem === null ? [] : [`${result.agentType}: ${nameOf(result.key, result.body.duration)} ${problem}`];
  });
  expectNone([...load.problems, ...problems, ...wrong], name);
  await verify(cluster);
  const acknowledged = results.filter(({ acknowledgements }) => acknowledgements.length > 0);
  return {
    scenario: name,
    failures,
    seconds: Math.round((Date.now() - began) / 1_000),
    results: results.length,
    requests: sum(results.map(({ attempts }) => attempts)),
    acknowledged: acknowledged.length,
    counted,
    'unknown outcomes': sum(results.map(({ unknownOutcomes }) => unknownOutcomes)),
    settled: acknowledged.filter(({ unknownOutcomes }) => unknownOutcomes > 0).length,
    replayed: acknowledged.filter(({ acknowledgements }) => acknowledgements.some(({ replayed }) => replayed)).length,
    'given up': results.length - acknowledged.length,
  };
}

/** `verify`: every number in the database is what the ledger says. */
async function verify(cluster: Cluster): Promise<void> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CLI, 'verify'], { env: { PATH, ...cluster.onEitherServer() } });
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`verify ended with ${child.exitCode}: ${out}${error}`);
}

function expectNone(problems: readonly string[], scenario: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, SHOWN_PROBLEMS).join('\n  ');
  throw new Error(`${scenario}: ${problems.length} problems:\n  ${shown}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
