import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultState } from '../../progression/index.js';
import { AgentCache } from './agent-cache.js';
import { WorkingAgent } from './working-agent.js';

const TIME = new Date(0);
const RECORDED = {
  ...defaultState({ id: 'id', agent_id: 'guardian', agent_type: 'guardian', created_at: TIME }, 7, TIME),
  test_history: [{ score: 1 }],
  capabilities: ['read'],
};
const HASH = Buffer.alloc(32, 7);
const ROW = { ...RECORDED, ledger_hash: HASH.toString('hex') };

let cache: AgentCache;
beforeEach(() => {
  cache = new AgentCache();
});
/** Puts an agent as if it was written. */
const put = (agentType: string, rowXmin: string | null = '750', agent = WorkingAgent.ofRow(ROW, true)) => {
  const state = { ...RECORDED, agent_type: agentType };
  const change = {
    state,
    whole: true,
    ledgerHash: HASH,
    baseVersion: 6,
    baseHash: null,
    baseXmin: null,
    recorded: null,
  };
  const agents = new Map([[agentType, agent.after(state, [])]]);
  cache.put({ changes: [{ ...change, edited: false }], agents }, rowXmin);
};

describe('the agent cache', () => {
  it('finds agents if it has all of them', () => {
    put('guardian');
    put('sandbox');
    expect([...(cache.find(['sandbox', 'guardian'], 0)?.keys() ?? [])]).toEqual(['sandbox', 'guardian']);
    expect(cache.find(['sandbox', 'conquest'], 0)).toBeNull();
  });

  it('has no lists and documents', () => {
    put('guardian');
    const agent = cache.find(['guardian'], 0)?.get('guardian');
    expect(agent).toMatchObject({ isWhole: false, head: HASH });
    expect(agent?.state).toMatchObject({ version: 7, test_history: [], capabilities: null });
  });

  it('has no agent whose row was inserted or edited by hand', () => {
    put('guardian');
    put('guardian', '751', WorkingAgent.ofRow({ ...ROW, ledger_hash: null }, true));
    expect(cache.find(['guardian'], 0)).toBeNull();
    put('guardian');
    put('guardian', '752', WorkingAgent.ofHistory(RECORDED, HASH, { ...ROW, xp: 5 }));
    expect(cache.find(['guardian'], 0)).toBeNull();
  });

  it('has no agent whose row has an unknown xmin', () => {
    put('guardian');
    put('guardian', null);
    expect(cache.find(['guardian'], 0)).toBeNull();
  });

  it('is not used for a second after an outdated entry', () => {
    put('guardian');
    put('sandbox');
    cache.remove(['guardian'], 5_000);
    put('guardian');
    expect(cache.find(['sandbox'], 5_999)).toBeNull();
    expect(cache.find(['sandbox', 'guardian'], 6_000)).not.toBeNull();
  });

  it('keeps the 5,000 agents that were used last', () => {
    for (let index = 0; index < 5_000; index++) put(`agent-${index}`);
    cache.find(['agent-0'], 0);
    put('one-more');
    expect(cache.find(['agent-0'], 0)).not.toBeNull();
    expect(cache.find(['agent-1'], 0)).toBeNull();
  });
});
