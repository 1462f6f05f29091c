import DataLoader from 'dataloader';

/** Most agents that one SELECT reads. */
const GROUP_SIZE = 256;

/**
 * A grouped read: who asks while the SELECT runs waits, and the next SELECT reads for all of them. So a lone read starts
 * at once, many share the cost of one, and each sees what was committed when it asked: nothing is cached.
 */
export class GroupedRead<T> {
  private readonly loader: DataLoader<string, T | null>;
  /** Settles when the SELECT that runs has ended. */
  private running: Promise<unknown> = Promise.resolve();

  /** @param select reads those of these agents that exist, by agent type */
  constructor(private readonly select: (agentTypes: readonly string[]) => Promise<ReadonlyMap<string, T>>) {
    this.loader = new DataLoader((agentTypes) => this.read(agentTypes), {
      cache: false,
      maxBatchSize: GROUP_SIZE,
      batchScheduleFn: (dispatch) => void this.running.then(dispatch),
    });
  }

  /** What is to be read of the agent, as it is now; null when there is none. */
  async find(agentType: string): Promise<T | null> {
    return this.loader.load(agentType);
  }

  private async read(agentTypes: readonly string[]): Promise<(T | null)[]> {
    const selected = this.select([...new Set(agentTypes)]);
    this.running = selected.catch(() => undefined);
    const found = await selected;
    return agentTypes.map((agentType) => found.get(agentType) ?? null);
  }
}
