import type { RecordedEvent } from '../../agent-metrics/index.js';

/** An event in the feed. It does not change, except `agent_type` if the agent is renamed. */
export interface FeedEvent extends Omit<RecordedEvent, 'voided_by'> {
  /** Position in the feed. Positions ascend, with omissions. */
  position: number;
  /** Current name of the agent. */
  agent_type: string;
}
