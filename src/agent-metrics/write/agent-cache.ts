import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { DecidedRound } from './decided-round.js';
import type { WorkingAgent } from './working-agent.js';

/** Maximum number of agents, of about 1.4 kB each. */
const SIZE = 5_000;
/** Time for which the cache is not used after an outdated entry, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * The agents as this process wrote them last. A round that is decided on them needs no lock and no read: its write is refused if
 * the `xmin` of a row differs. PostgreSQL changes it with each write to the row, also with a manual edit.
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

  /**
   * Stores the agents that a round wrote, after its COMMIT.
   *
   * @param rowXmin `xmin` of their rows; null if it is unknown: they are removed
   */
  put({ changes, agents }: Pick<DecidedRound, 'changes' | 'agents'>, rowXmin: string | null): void {
    for (const {
      state: { agent_type },
    } of changes) {
      const committed = rowXmin === null ? null : agents.get(agent_type)?.afterCommit(rowXmin);
      if (committed) this.agents.set(agent_type, committed.withoutLists());
      else this.agents.delete(agent_type);
    }
  }

  /** Removes agents of which one is outdated. */
  remove(agentTypes: Iterable<string>, now: number): void {
    for (const agentType of agentTypes) this.agents.delete(agentType);
    this.pausedUntil = now + PAUSE_MS;
  }
}
