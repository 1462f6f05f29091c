import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { WorkingAgent } from './working-agent.js';

/** Maximum number of agents, of about 3 kB each. */
const SIZE = 5_000;
/** Time for which the cache is not used after an outdated entry, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * The agents as this process committed them last. A round that is decided on them needs no lock and no read: its write is
 * refused if the version or the ledger hash of a row differs. They differ after each other write, because the hash depends on
 * all events of the agent, and a manual edit clears it.
 *
 * An outdated entry costs a round a second attempt. It shows that other processes write the same agents, so that the cache is
 * not used for a second.
 */
@Injectable()
export class AgentCache {
  private readonly agents = new LRUCache<string, WorkingAgent>({ max: SIZE });
  private pausedUntil = 0;

  /** Gets all of these agents; null if one of them is missing. `now` in milliseconds, as `performance.now()`. */
  find(agentTypes: Iterable<string>, now: number): Map<string, WorkingAgent> | null {
    if (now < this.pausedUntil) return null;
    const found = new Map<string, WorkingAgent>();
    for (const agentType of agentTypes) {
      const agent = this.agents.get(agentType);
      if (!agent) return null;
      found.set(agentType, agent);
    }
    return found;
  }

  /** Stores agents after their commit. */
  put(agents: ReadonlyMap<string, WorkingAgent>): void {
    for (const [agentType, agent] of agents) {
      const committed = agent.afterCommit();
      if (committed) this.agents.set(agentType, committed.withoutLists());
      else this.agents.delete(agentType);
    }
  }

  /** Removes agents of which one is outdated. */
  remove(agentTypes: Iterable<string>, now: number): void {
    for (const agentType of agentTypes) this.agents.delete(agentType);
    this.pausedUntil = now + PAUSE_MS;
  }
}
