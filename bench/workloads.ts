import type { Request } from 'autocannon';

/** hot: results of one agent. spread: results of many agents. read: reads of as many. */
export const WORKLOADS = ['hot', 'spread', 'read'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** Agents of `spread`, and as many others of `read`, whose histories stay as they were prepared. */
export const SPREAD_AGENTS = 1_000;

/** Agents by their numbers. */
export interface AgentRange {
  first: number;
  last: number;
}

/** The agents that a workload goes to. */
export const AGENTS: Record<Workload, AgentRange> = {
  hot: { first: 0, last: 0 },
  spread: { first: 1, last: SPREAD_AGENTS },
  read: { first: SPREAD_AGENTS + 1, last: 2 * SPREAD_AGENTS },
};

export const isWrite = (workload: Workload): boolean => workload !== 'read';

/** The custody test that every write reports. So little XP that no number of them overflows an integer. */
const RESULT = { passed: true, score: 95, duration: 120, timestamp: '2025-01-25T10:00:00Z', xp_awarded: 25 };

export function agentName(number: number): string {
  return `bench-${number}`;
}

export function agentNumbers({ first, last }: AgentRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export function requestFor(workload: Workload, agent: number): Request {
  const path = `/api/agent-metrics/${agentName(agent)}`;
  if (!isWrite(workload)) return { method: 'GET', path };
  return {
    method: 'POST',
    path: `${path}/custody-test`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(RESULT),
  };
}

/**
 * Requests that each connection repeats. With many agents, no two connections share one: no request waits for a row, and no
 * agent is twice in a transaction.
 */
export function requestsByConnection(workload: Workload, connections: number): Request[][] {
  const agents = shuffled(agentNumbers(AGENTS[workload]));
  return Array.from({ length: connections }, (_, connection) =>
    agents
      .filter((_, position) => agents.length === 1 || position % connections === connection)
      .map((agent) => requestFor(workload, agent)),
  );
}

/** Results in a request of the batch. */
export const BATCH_SIZE = 100;

/**
 * Batches of results, a list of requests for each connection. Each request has new ids. With many agents, the results of a
 * request are of different agents.
 */
export function batchesByConnection(workload: Workload, connections: number): Request[][] {
  const agents = agentNumbers(AGENTS[workload]);
  return Array.from({ length: connections }, () => {
    const order = shuffled(agents);
    let next = 0;
    const setupRequest = (request: Request): Request => {
      const items = Array.from({ length: BATCH_SIZE }, () => {
        const agent_type = agentName(order[next++ % order.length] ?? 0);
        return { id: `bench-${process.pid}-${batchedResults++}`, agent_type, ...RESULT };
      });
      return { ...request, body: JSON.stringify(items) };
    };
    const path = '/api/agent-metrics/results';
    return [{ method: 'POST', path, headers: { 'content-type': 'application/json' }, setupRequest }];
  });
}
let batchedResults = 0;

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, position: Math.random() }))
    .sort((a, b) => a.position - b.position)
    .map(({ item }) => item);
}
