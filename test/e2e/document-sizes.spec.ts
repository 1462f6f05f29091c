import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectProblem } from './support/problem.js';
import { metricsOf, stored } from './support/read.js';

const DOCUMENT = 65_536;
const ITEM = 4_096;
/** A JSON text of so many bytes. */
const text = (bytes: number) => 'x'.repeat(bytes - 2);

describe('the length of documents and list items', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('can be as configured', async () => {
    const body = {
      config: [text(DOCUMENT - 2)],
      capabilities: [text(DOCUMENT - 2)],
      learning_patterns: [text(ITEM), text(ITEM)],
    };
    expect((await app.send('PUT', agentPath('long'), body)).status).toBe(201);
    expect(await metricsOf(app, 'long')).toMatchObject(body);
  });

  it.each<[string, string, string, object]>([
    ['config', 'PUT', agentPath('long'), { config: [text(DOCUMENT - 1)] }],
    ['capabilities', 'PUT', agentPath('long'), { capabilities: [text(DOCUMENT - 1)] }],
    ['test_history', 'PUT', agentPath('long'), { test_history: [{ note: text(ITEM) }] }],
    ['learning_patterns', 'POST', agentPath('long', 'learning'), { learning_patterns: [1, text(ITEM + 1)] }],
    ['improvement_suggestions', 'POST', agentPath('long', 'learning'), { improvement_suggestions: [text(ITEM + 1)] }],
    [
      'updates.long.config',
      'POST',
      '/api/agent-metrics/bulk-update',
      { updates: { long: { config: [text(DOCUMENT)] } } },
    ],
  ])('is refused if %s is longer: %s %s', async (field, method, path, body) => {
    const before = await stored(app);
    const answer = await app.send(method, path, body);
    expectProblem(answer, 'rule_violated', path);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
    expect(await stored(app)).toEqual(before);
  });

  it('is kept in a row that was longer before, which can be sent back completely', async () => {
    await app.database.query(
      `INSERT INTO agent_metrics (agent_id, agent_type, config, learning_patterns)
       VALUES ('old_agent', 'old', jsonb_build_object('b', repeat('x', 200000), 'a', 1), jsonb_build_array(repeat('y', 9000)))`,
    );
    const row = await metricsOf(app, 'old');
    expect((await app.send('PUT', agentPath('old'), { ...row, priority: 'high' })).status).toBe(200);
    expect(await metricsOf(app, 'old')).toMatchObject({ priority: 'high', config: row['config'] });
    const config = { ...(row['config'] as object), a: 2 };
    expect(await app.send('PUT', agentPath('old'), { config })).toMatchObject({ status: 422 });
  });
});
