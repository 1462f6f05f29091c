import { AsyncResource } from 'node:async_hooks';
import DataLoader from 'dataloader';

/** Maximum number of agents per SELECT. */
const GROUP_SIZE = 256;
/** Maximum number of concurrent SELECTs: PostgreSQL processes the next one while a result is transferred. */
const LANES = 2;

/**
 * Groups reads: reads that arrive while SELECTs run are queued, and the next SELECT serves all of them. A single read
 * starts immediately; concurrent reads share the cost of one. Nothing is cached: each read sees all transactions that
 * were committed before it.
 */
export class GroupedRead<T> {
  private readonly loader: DataLoader<string, T | null>;
  /** Start functions of the groups that wait for a lane. */
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /** @param select reads the existing agents, by agent type */
  constructor(private readonly select: (agentTypes: readonly string[]) => Promise<ReadonlyMap<string, T>>) {
    this.loader = new DataLoader((agentTypes) => this.read(agentTypes), {
      cache: false,
      maxBatchSize: GROUP_SIZE,
      batchScheduleFn: (dispatch) => {
        // For traces: the SELECT belongs to the first request of the group.
        const firstRequest = new AsyncResource('GroupedRead');
        this.waiting.push(() => {
          firstRequest.runInAsyncScope(dispatch);
        });
        // After all requests that have already arrived are added.
        setImmediate(() => {
          this.startNext();
        });
      },
    });
  }

  /** Reads an agent; null if it does not exist. */
  async find(agentType: string): Promise<T | null> {
    return this.loader.load(agentType);
  }

  private startNext(): void {
    if (this.running < LANES) this.waiting.shift()?.();
  }

  private async read(agentTypes: readonly string[]): Promise<(T | null)[]> {
    this.running += 1;
    try {
      const found = await this.select([...new Set(agentTypes)]);
      return agentTypes.map((agentType) => found.get(agentType) ?? null);
    } finally {
      this.running -= 1;
      this.startNext();
    }
  }
}
