import type { HttpRequest } from '../exchange/index.js';

/** Place of an agent type in a URL: a segment of the path, counted from its end, or the parameter of the query. */
export interface NamedAgent {
  agentType: string;
  fromEnd: number | null;
}

const PARAMETERS = ['agent_type', 'ai_type'];

/**
 * Finds the agent that a request names.
 *
 * @param route path of the route, with its parameters
 */
export function findNamedAgent(
  { params, query }: Pick<HttpRequest, 'params' | 'query'>,
  route: string | undefined,
): NamedAgent | null {
  const segments = (route ?? '').split('/').filter((segment) => segment !== '');
  const position = segments.findIndex((segment) => PARAMETERS.includes(segment.replace(/^:/, '')));
  const name = segments[position]?.slice(1);
  const agentType = (name === undefined ? query : params) as Record<string, unknown> | undefined;
  const value = agentType?.[name ?? 'agent_type'];
  if (typeof value !== 'string') return null;
  return { agentType: value, fromEnd: name === undefined ? null : segments.length - position };
}

/** Replaces the agent type in a URL. The rest of the URL is unchanged. */
export function replaceAgent(url: string, { fromEnd }: NamedAgent, agentType: string): string {
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  if (fromEnd === null) {
    const parameters = new URLSearchParams(query);
    parameters.set('agent_type', agentType);
    return `${path}?${parameters.toString()}`;
  }
  const [, trimmed = '', end = ''] = /^(.*?)(\/*)$/s.exec(path) ?? [];
  const segments = trimmed.split('/');
  segments[segments.length - fromEnd] = encodeURIComponent(agentType);
  return segments.join('/') + end + query;
}
