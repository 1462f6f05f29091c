import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.js';
import { FailedRunError } from './failed-run.error.js';
import type { Outcomes } from './sample.js';

/** Results were acknowledged that the database does not know, or the other way round. */
export class MiscountError extends FailedRunError {
  override readonly name = 'MiscountError';
}

/** Time without a new result after which all are recorded, in milliseconds. */
const SETTLED_MS = 3_000;

interface Count {
  /** By the agents' counters. */
  tests: number;
  /** By the ledger. */
  events: number;
}

/** Compares what a candidate acknowledged with what its database counts, cell by cell. */
export class CountedResults {
  private constructor(
    private readonly database: BenchDatabase,
    private before: Count,
  ) {}

  static async of(database: BenchDatabase): Promise<CountedResults> {
    return new CountedResults(database, await count(database));
  }

  /** Waits until results are no longer recorded: those of requests without an answer may still be queued. */
  async settle(): Promise<void> {
    for (let [events, next] = [-1, 0]; events !== next;) {
      events = next;
      await sleep(SETTLED_MS);
      ({ events: next } = await count(this.database));
    }
  }

  /**
   * To be called after each run of a cell.
   *
   * @throws MiscountError
   */
  async check({ acknowledged, lost }: Outcomes): Promise<void> {
    const after = await count(this.database);
    const missing = (['tests', 'events'] as const).flatMap((what) => {
      const counted = after[what] - this.before[what];
      // Of a request without an answer it is unknown whether it took effect.
      if (counted >= acknowledged && counted <= acknowledged + lost) return [];
      const difference = counted - acknowledged;
      return [`${counted} ${what} (${difference > 0 ? `${difference} too many` : `${-difference} are missing`})`];
    });
    this.before = after;
    if (missing.length === 0) return;
    throw new MiscountError(
      `${acknowledged} results were acknowledged (and ${lost} had no answer), but the database counts ${missing.join(' and ')}`,
    );
  }
}

async function count(database: BenchDatabase): Promise<Count> {
  const [row] = await database.query<{ tests: number; events: number }>(`
    SELECT (SELECT sum(total_tests_given) FROM agent_metrics)::float8 AS tests,
           (SELECT count(*) FROM agent_events WHERE type = 'custody_test')::float8 AS events`);
  if (!row) throw new Error('an aggregate without GROUP BY gave no row');
  return row;
}
