/** Where the API is. */
export const AGENTS = '/api/agent-metrics';
export const LEADERBOARD = `${AGENTS}/leaderboard`;
export const ANALYTICS = `${AGENTS}/analytics/summary`;
export const EXPORT = `${AGENTS}/export`;
export const CUSTODY = '/api/custody';
export const STANDINGS = `${CUSTODY}/agents`;
export const BULK_UPDATE = `${AGENTS}/bulk-update`;

/** The path of an agent, or of what is below it; the agent type is percent-encoded. */
export function agentPath(agentType: string, below = ''): string {
  const agent = `${AGENTS}/${encodeURIComponent(agentType)}`;
  return below === '' ? agent : `${agent}/${below}`;
}

/** The path of an agent's custody, or of what is below it. */
export function custodyPath(agentType: string, below = ''): string {
  const agent = `${STANDINGS}/${encodeURIComponent(agentType)}`;
  return below === '' ? agent : `${agent}/${below}`;
}
