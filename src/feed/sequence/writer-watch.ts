import type { GapState, IdRange } from './extend-feed.js';

/** Time for which the feed waits for missing ids, in milliseconds. */
export const GAP_WAIT_MS = 500;
/** Maximum number of observations. */
const OBSERVATIONS_MAX = 64;
/** Name of the owner of a prepared transaction's locks in `pg_locks`. */
const PREPARED = '-1/';

/** All ids up to `upTo` were assigned when these transactions, which may have inserted events, were running. */
interface Observation {
  upTo: number;
  at: number;
  writers: ReadonlySet<string>;
}

/**
 * Decides whether missing ids can still be committed. A transaction locks `agent_events` before it takes an id, and holds the
 * lock until its end is visible. When all transactions that held the lock after an id was taken have ended, and the id is
 * missing in a later snapshot, no event has it.
 *
 * In memory only: a restarted process observes again, and decides later.
 */
export class WriterWatch {
  private observations: Observation[] = [];
  /** Ids up to this one that are missing in a snapshot taken from now on belong to no event. */
  deadUpTo = 0;

  get isEmpty(): boolean {
    return this.observations.length === 0;
  }

  /** Whether the end of transactions will decide all ids up to this one. */
  covers(id: number): boolean {
    return id <= this.deadUpTo || (this.observations.at(-1)?.upTo ?? 0) >= id;
  }

  /**
   * @param upTo an id that was assigned before `writers` was read
   * @param writers transactions that hold a lock for writing on `agent_events`
   */
  observe(upTo: number, at: number, writers: readonly string[]): void {
    if (this.covers(upTo)) return;
    this.observations.push({ upTo, at, writers: new Set(writers) });
    // Fewer observations only delay the decision. The first and the last are kept.
    if (this.observations.length > OBSERVATIONS_MAX) {
      this.observations = this.observations.filter((_, index) => index % 2 === 0 || index === OBSERVATIONS_MAX);
    }
  }

  /** @param writers transactions that hold the lock now, read before the snapshot that is judged next */
  update(writers: readonly string[]): void {
    const prepared = writers.filter((writer) => writer.startsWith(PREPARED));
    this.observations = this.observations.flatMap((observation) => {
      const left = writers.filter((writer) => observation.writers.has(writer));
      // PREPARE TRANSACTION passes the locks to another owner.
      if (left.length < observation.writers.size) left.push(...prepared);
      if (left.length > 0) return [{ ...observation, writers: new Set(left) }];
      this.deadUpTo = Math.max(this.deadUpTo, observation.upTo);
      return [];
    });
    this.observations = this.observations.filter(({ upTo }) => upTo > this.deadUpTo);
  }

  judge({ last }: IdRange, now: number): GapState {
    if (last <= this.deadUpTo) return 'dead';
    const first = this.observations.find(({ upTo }) => upTo >= last);
    return first && now - first.at >= GAP_WAIT_MS ? 'late' : 'open';
  }

  /** Forgets all observations, when no ids are missing. */
  clear(): void {
    this.observations = [];
    // After a failover, ids may be assigned again.
    this.deadUpTo = 0;
  }
}
