import { describe, expect, it } from '@jest/globals';
import { findNamedAgent, replaceAgent } from './agent-in-url.js';

describe('the agent in a URL', () => {
  it.each([
    ['/api/agent-metrics/a?x=1', ':agent_type', '/api/agent-metrics/openai%2Fgpt?x=1'],
    ['/v1/api/agent-metrics/a/custody/', ':agent_type/custody', '/v1/api/agent-metrics/openai%2Fgpt/custody/'],
    [
      '/api/custody/agents/a/eligibility',
      'agents/:agent_type/eligibility',
      '/api/custody/agents/openai%2Fgpt/eligibility',
    ],
    ['/a/a/a', ':agent_type/a', '/a/openai%2Fgpt/a'],
  ])('%s is replaced', (url, route, expected) => {
    const named = findNamedAgent({ params: { agent_type: 'a' }, query: {} }, route);
    expect(named?.agentType).toBe('a');
    expect(named && replaceAgent(url, named, 'openai/gpt')).toBe(expected);
  });

  it('is replaced in the query', () => {
    const named = findNamedAgent({ params: {}, query: { agent_type: 'a' } }, 'export');
    expect(named && replaceAgent('/api/export?of=events&agent_type=a', named, 'b/c')).toBe(
      '/api/export?of=events&agent_type=b%2Fc',
    );
  });

  it('need not exist', () => {
    expect(findNamedAgent({ params: {}, query: {} }, '')).toBeNull();
  });
});
