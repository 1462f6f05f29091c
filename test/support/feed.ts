import type { FeedEvent, FeedPage } from '../../src/feed/index.js';
import { AgentFeed, type FeedRequest } from '../../src/feed/agent-feed.js';
import type { TestService } from './test-service.js';

/** The feed of a service. */
export function feedOf({ context }: Pick<TestService, 'context'>): AgentFeed {
  return context.get(AgentFeed, { strict: false });
}

/** Reads until this number of events was read, or nothing came for `quietMs`. */
export async function readFeed(
  feed: AgentFeed,
  count: number,
  request: FeedRequest = { after: 0 },
  quietMs = 3_000,
): Promise<FeedEvent[]> {
  const reader = await feed.open(request);
  const events: FeedEvent[] = [];
  try {
    while (events.length < count) {
      const page: FeedPage = await reader.next(quietMs);
      if (page.events.length === 0) break;
      events.push(...page.events);
    }
  } finally {
    reader.close();
  }
  return events;
}

/** An event as `agent version`. */
export const nameOf = ({ agent_type, version }: Pick<FeedEvent, 'agent_type' | 'version'>): string =>
  `${agent_type} ${version}`;
export const namesOf = (events: readonly FeedEvent[]): string[] => events.map(nameOf);

/** Removes the default agents and their events, and begins again with id 1. */
export async function emptyLedger({ database }: Pick<TestService, 'database'>): Promise<void> {
  await database.query('TRUNCATE agent_events RESTART IDENTITY; TRUNCATE agent_metrics');
}
