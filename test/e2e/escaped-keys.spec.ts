import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentMetricsService } from '../../src/agent-metrics/write/agent-metrics.service.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';

describe('keys that are written with escapes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  /** As PostgreSQL has it, without a parser of this program. */
  async function hasConfig(agentType: string, config: string): Promise<void> {
    const found = await app.database.query(
      `SELECT agent.config = $2::jsonb AS row, event.payload -> 'config' = $2::jsonb AS event
         FROM agent_metrics agent JOIN agent_events event USING (agent_type)
        WHERE agent_type = $1 AND event.payload ? 'config'`,
      [agentType, config],
    );
    expect(found).toEqual([{ row: true, event: true }]);
  }

  it.each([
    ['mallory', '{"lang":"x","\\\\":1}', 'victim', '{"lang":"fr","\\u00e9":1}'],
    ['mallory-2', '{"a":"x","\\\\u":1}', 'victim-2', '{"a":"fr","\\u00e9b":1}'],
  ])('of %s are not used for the next agent', async (mallory, before, victim, config) => {
    expect((await app.send('PUT', agentPath(mallory), `{"config":${before}}`)).status).toBe(201);
    expect((await app.send('PUT', agentPath(victim), `{"config":${config}}`)).status).toBe(201);
    await hasConfig(mallory, before);
    await hasConfig(victim, config);
  });

  it('are read from the database unchanged', async () => {
    // PostgreSQL writes both with an escape.
    const backslash = { place: 1, '\\': 1 };
    const quote = { place: 1, '"': 1 };
    for (const [agentType, config] of Object.entries({ backslash, quote })) {
      expect((await app.send('PUT', agentPath(agentType), { config })).status).toBe(201);
    }
    const service = app.app.get(AgentMetricsService, { strict: false });
    expect((await service.getAgentMetrics('backslash')).config).toEqual(backslash);
    expect((await service.getAgentMetrics('quote')).config).toEqual(quote);
    // A write of the whole row reads it, and writes it back.
    expect((await app.send('PUT', agentPath('quote'), { priority: 'high' })).status).toBe(200);
    await hasConfig('quote', '{"place":1,"\\"":1}');
  });
});
