import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AgentMetricsService } from '../../../src/agent-metrics/write/agent-metrics.service.js';
import type { WebhookEndpoint } from '../../../src/webhooks/index.js';
import { startWebhookService, waitFor, type WebhookService } from '../../support/webhook-service.js';

const PASSED = { passed: true, score: 90, duration: 1 };
const TYPES = ['event.recorded', 'agent.level_up', 'eligibility.changed'] as const;

let webhooks: WebhookService;
let agents: AgentMetricsService;
let endpoint: WebhookEndpoint;
beforeAll(async () => {
  webhooks = await startWebhookService();
  agents = webhooks.test.service;
});
afterAll(() => webhooks.close());

/** The receiver is unavailable until `recover`. */
beforeEach(() => {
  webhooks.receiver.received.length = 0;
  webhooks.receiver.react = () => 503;
});
afterEach(() => webhooks.endpoints.delete(endpoint.id));

const fallBehind = async (agentTypes: string[]): Promise<void> => {
  endpoint = await webhooks.create([...TYPES], { agents: agentTypes });
  for (const agentType of agentTypes) await agents.updateCustodyTestResult(agentType, PASSED);
  await webhooks.receiver.until(() => webhooks.receiver.received.length > 0);
};
/** Waits until all events have been delivered. */
const recover = async (): Promise<string[]> => {
  webhooks.receiver.react = () => 204;
  await webhooks.endpoints.update(endpoint.id, { enabled: true });
  const end = await webhooks.test.database.query<{ last: string }>('SELECT last_position AS last FROM feed_state');
  await waitFor(async () => (await webhooks.endpoints.get(endpoint.id)).position >= Number(end[0]?.last));
  return webhooks.accepted();
};

describe('an endpoint that is behind', () => {
  it('receives all messages of an agent that was renamed, under the new name', async () => {
    await fallBehind(['before', 'after']);
    await agents.updateCustodyTestResult('before', PASSED);
    await agents.renameAgent('before', 'later');
    await webhooks.endpoints.update(endpoint.id, { agents: ['later'] });
    await agents.createOrUpdateAgentMetrics('later', { xp: 5_000 });
    expect(await recover()).toEqual([
      'event.recorded later 1',
      'event.recorded later 2',
      'eligibility.changed later 2 propose opened event',
      'event.recorded later 3',
      'event.recorded later 4',
      'event.recorded later 5',
      'agent.level_up later 5 3',
    ]);
  });

  it('receives all messages of an agent that is renamed while they are sent', async () => {
    await fallBehind(['moving', 'moved']);
    let renaming: Promise<unknown> | null = null;
    for (let index = 0; index < 150; index++) await agents.updateCustodyXp('moving', 1);
    await webhooks.endpoints.update(endpoint.id, { agents: ['mov*'] });
    webhooks.receiver.react = () => {
      if (webhooks.receiver.received.length > 60) renaming ??= agents.renameAgent('moving', 'moved-on');
      return 204;
    };
    await webhooks.endpoints.update(endpoint.id, { enabled: true });
    await waitFor(() => webhooks.accepted().includes('event.recorded moved-on 153'));
    expect(renaming).not.toBeNull();
    const versions = webhooks
      .accepted()
      .filter((name) => /^event.recorded mov(?:ing|ed-on) /.test(name))
      .map((name) => Number(name.split(' ')[2]));
    expect(versions).toEqual(Array.from({ length: 153 }, (_, index) => index + 1));
  });

  it('receives nothing of an agent that was erased, and the log has nothing of it', async () => {
    await fallBehind(['erased', 'kept']);
    await agents.updateCustodyTestResult('erased', PASSED);
    await waitFor(async () => (await webhooks.endpoints.listDeliveries(endpoint.id)).items.length > 0);
    await agents.eraseAgent('erased', { agent_type: 'erased', reason: 'on request' });
    expect((await webhooks.endpoints.get(endpoint.id)).agents).toEqual(['kept']);
    const accepted = await recover();
    expect(accepted.filter((name) => name.includes('erased'))).toEqual([]);
    expect(accepted).toContain('event.recorded kept 2');
    const { items } = await webhooks.endpoints.listDeliveries(endpoint.id);
    expect(items.filter(({ agent_type }) => agent_type === 'erased')).toEqual([]);
    await waitFor(async () => (await webhooks.endpoints.get(endpoint.id)).state === 'enabled');
  });

  it('receives the messages of agents that were merged, with those of both', async () => {
    await fallBehind(['source', 'target']);
    await agents.mergeAgents('source', 'target');
    const accepted = await recover();
    expect(accepted.filter((name) => name.includes(' source'))).toEqual([
      'event.recorded source 1',
      'event.recorded source 2',
      'eligibility.changed source 2 propose opened event',
      'event.recorded source 3',
    ]);
    expect(accepted.filter((name) => name.includes(' target'))).toEqual([
      'event.recorded target 1',
      'event.recorded target 2',
      'eligibility.changed target 2 propose opened event',
      'event.recorded target 3',
    ]);
  });

  it('receives gates that a void and a reset closed', async () => {
    await fallBehind(['changed']);
    await agents.voidEvent('changed', 2, { reason: 'wrong agent' });
    await agents.updateCustodyTestResult('changed', PASSED);
    await agents.resetAgentMetrics('changed');
    expect((await recover()).filter((name) => name.startsWith('eligibility'))).toEqual([
      'eligibility.changed changed 2 propose opened event',
      'eligibility.changed changed 3 propose closed event',
      'eligibility.changed changed 4 propose opened event',
      'eligibility.changed changed 5 propose closed event',
    ]);
  });
});
