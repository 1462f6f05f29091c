/** Maximum number of concurrent rounds: one that waits for a locked agent does not block all others. */
const LANES = 2;
/** Number of units of work that are enough for a second round, and of agents from which a round is divided. */
const ENOUGH = 16;
/** Time after which a running round does not delay others, in milliseconds. It may wait for a locked agent. */
const MAX_DELAY_MS = 20;

/** A round, and those that follow it for the same agents. */
export interface Lane {
  agentTypes: ReadonlySet<string>;
  /** In milliseconds, as `performance.now()`. */
  startedAt: number;
}

/**
 * Concurrent rounds, which never share an agent. Many small rounds cost more than a few large ones, so that a second round
 * starts when as many units of work wait as the first has agents, or when the first takes long. Two rounds of the same size
 * are best: while one is written, the process delivers the other one and decides the next.
 */
export class Lanes {
  private readonly running = new Set<Lane>();

  get count(): number {
    return this.running.size;
  }

  open(agentTypes: ReadonlySet<string>, startedAt: number): Lane {
    const lane = { agentTypes, startedAt };
    this.running.add(lane);
    return lane;
  }

  close(lane: Lane): void {
    this.running.delete(lane);
  }

  /** Whether a running round has one of the agents. */
  isBusy(agentTypes: readonly string[]): boolean {
    for (const lane of this.running) if (agentTypes.some((agentType) => lane.agentTypes.has(agentType))) return true;
    return false;
  }

  /**
   * Number of agents at which a round is full: half of those that wait or have a running round.
   *
   * @param waiting agents of the waiting units of work
   */
  getShare(waiting: readonly string[]): number {
    const agentTypes = new Set(waiting);
    for (const lane of this.running) for (const agentType of lane.agentTypes) agentTypes.add(agentType);
    return Math.max(ENOUGH, Math.ceil(agentTypes.size / LANES));
  }

  /**
   * Milliseconds for which waiting units are not started, so that more of them share a round; 0: a round can start now; null:
   * when another one ends.
   */
  getDelay(waiting: number, now: number): number | null {
    if (this.running.size >= LANES) return null;
    for (const { agentTypes, startedAt } of this.running) {
      const delay = startedAt + MAX_DELAY_MS - now;
      if (waiting < Math.min(agentTypes.size, ENOUGH) && delay > 0) return delay;
    }
    return 0;
  }
}
