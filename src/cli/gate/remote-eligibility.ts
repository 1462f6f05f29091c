import { buildTarget, getJsonBody, type RemoteService, sendRequest } from '../remote/remote-service.js';

/** Meanings of error statuses for this command. */
const HINTS: Readonly<Record<number, string>> = {
  401: 'LVLUP_API_KEY must contain a valid API key or token',
  403: 'the key must have the scope read, and must not be limited to other agents',
  404: 'the agent or the path does not exist',
};

/**
 * Reads the eligibility document of an agent from a service.
 *
 * @throws Error whose message gives the reason, without the key
 */
export async function fetchEligibility(service: RemoteService, agentType: string): Promise<unknown> {
  const path = `/api/custody/agents/${encodeURIComponent(agentType)}/eligibility`;
  // URLs resolve the segments "." and "..".
  if (agentType === '' || !buildTarget(service, path).pathname.endsWith(path)) {
    throw new Error(`Invalid agent type: ${JSON.stringify(agentType)}.`);
  }
  return getJsonBody(await sendRequest(service, { method: 'GET', path }), HINTS);
}
