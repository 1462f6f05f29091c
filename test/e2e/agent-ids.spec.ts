import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { metricsOf, sent } from './support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const put = (agentType: string, agent_id: string) => ({
  method: 'PUT',
  path: agentPath(agentType),
  body: { agent_id },
});

describe('an agent_id', () => {
  it("that is another agent's is refused", async () => {
    await expectRefused(app, put('guardian', 'sandbox_agent'), 'rule_violated', 'agent_id');
    await expectRefused(app, put('newcomer', 'sandbox_agent'), 'rule_violated', 'agent_id');
    const body = { updates: { imperium: { status: 'active' }, guardian: { agent_id: 'sandbox_agent' } } };
    await expectRefused(app, { method: 'POST', path: BULK_UPDATE, body }, 'rule_violated', 'updates.guardian.agent_id');
  });

  it('of two agents in one request is refused', async () => {
    const body = { updates: { imperium: { agent_id: 'both' }, guardian: { agent_id: 'both' } } };
    await expectRefused(app, { method: 'POST', path: BULK_UPDATE, body }, 'rule_violated', 'updates.guardian.agent_id');
  });

  it('is given to one of several concurrent agents', async () => {
    const statuses = await Promise.all(
      ['imperium', 'guardian', 'sandbox', 'conquest'].map(async (agentType) => {
        const { method, path, body } = put(agentType, 'wanted');
        return (await app.send(method, path, body)).status;
      }),
    );
    expect(statuses.sort()).toEqual([200, 422, 422, 422]);
  });

  it('that the agent has can be sent again, or changed', async () => {
    await sent(app, 'PUT', agentPath('conquest'), { agent_id: 'mine' });
    await sent(app, 'PUT', agentPath('conquest'), { agent_id: 'mine' });
    await sent(app, 'PUT', agentPath('conquest'), { agent_id: 'renamed' });
    await sent(app, 'PUT', agentPath('newcomer'), { agent_id: 'mine' });
    expect(await metricsOf(app, 'newcomer')).toMatchObject({ agent_id: 'mine' });
  });

  it('that agents already share is kept, and their rows can be sent back completely', async () => {
    await app.database.query(
      "INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('common', 'first'), ('common', 'second')",
    );
    await sent(app, 'PUT', agentPath('first'), await metricsOf(app, 'first'));
    await sent(app, 'POST', agentPath('second', 'learning'), { learning_cycles: 1 });
    await expectRefused(app, put('guardian', 'common'), 'rule_violated', 'agent_id');
  });
});
