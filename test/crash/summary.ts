import { appendFile } from 'node:fs/promises';
import type { SentResult } from './sent-result.js';

export interface Scenario {
  name: string;
  /** How often the failure was made to happen. */
  kills: number;
  seconds: number;
  results: readonly SentResult[];
  /** Test results in the ledger. */
  counted: number;
}

/** Leaves the scenario's line for the table that `global-teardown.mjs` prints when all have run. */
export async function summarize({ name, kills, seconds, results, counted }: Scenario): Promise<void> {
  const file = process.env['CRASH_SUMMARY'];
  if (file === undefined) throw new Error('the global set-up made no file for the summary');
  const acknowledged = results.filter(({ acknowledgements }) => acknowledgements.length > 0).length;
  const line = {
    scenario: name,
    kills,
    seconds: Math.round(seconds),
    results: results.length,
    'requests sent': sum(results, ({ attempts }) => attempts),
    retries: sum(results, ({ retries }) => retries),
    acknowledged,
    replayed: sum(results, ({ acknowledgements }) => acknowledgements.filter(({ replayed }) => replayed).length),
    'given up': results.length - acknowledged,
    counted,
  };
  await appendFile(file, `${JSON.stringify(line)}\n`);
}

function sum(results: readonly SentResult[], numberOf: (result: SentResult) => number): number {
  return results.reduce((total, result) => total + numberOf(result), 0);
}
