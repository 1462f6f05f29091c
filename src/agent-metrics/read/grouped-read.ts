import { AsyncResource } from 'node:async_hooks';
import DataLoader from 'dataloader';

/** Most agents that one SELECT reads. */
const GROUP_SIZE = 256;
/** Most SELECTs at the same time: PostgreSQL writes the next answer while the last one is sent. */
const LANES = 2;

/**
 * A grouped read: who asks while the SELECTs run waits, and the next SELECT reads for all of them. So a lone read starts
 * at once, many share the cost of one, and each sees what was committed when it asked: nothing is cached.
 */
export class GroupedRead<T> {
  private readonly loader: DataLoader<string, T | null>;
  /** Each starts the SELECT of a group that waits for a lane. */
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /** @param select reads those of these agents that exist, by agent type */
  constructor(private readonly select: (agentTypes: readonly string[]) => Promise<ReadonlyMap<string, T>>) {
    this.loader = new DataLoader((agentTypes) => this.read(agentTypes), {
      cache: false,
      maxBatchSize: GROUP_SIZE,
      batchScheduleFn: (dispatch) => {
        // For traces: the SELECT is that of the request that asked first, whoever's end it waited for.
        this.waiting.push(AsyncResource.bind(dispatch));
        // When all requests that have arrived by now have asked.
        setImmediate(() => {
          this.startNext();
        });
      },
    });
  }

  /** What is to be read of the agent, as it is now; null when there is none. */
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
