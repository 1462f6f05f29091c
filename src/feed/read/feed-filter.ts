import type { AgentAccess } from '../../common/index.js';
import type { FeedEvent } from './feed-event.js';

/** Selects events of the feed. */
export class FeedFilter {
  /**
   * @param agentTypes undefined: all
   * @param types undefined: all
   */
  constructor(
    readonly access: AgentAccess,
    readonly agentTypes: readonly string[] | undefined,
    readonly types: readonly string[] | undefined,
  ) {}

  get selectsAll(): boolean {
    return !this.access.isLimited && this.agentTypes === undefined && this.types === undefined;
  }

  selects({ agent_type, type }: FeedEvent): boolean {
    return (
      this.access.mayAccess(agent_type) &&
      (this.agentTypes?.includes(agent_type) ?? true) &&
      (this.types?.includes(type) ?? true)
    );
  }
}
