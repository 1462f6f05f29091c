import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNestedJson } from '../../factories/json.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, BULK_UPDATE } from '../support/paths.js';
import { expectInvalid } from '../support/problem.js';
import { metricsOf } from '../support/read.js';
import { WRITE_ROUTES } from '../support/write-routes.js';

const TOO_DEEP = [33, 1_000, 100_000];

/** The text of JSON objects nested this deep. */
const nestedObjects = (depth: number) => '{"a":'.repeat(depth) + 'null' + '}'.repeat(depth);

describe('JSON that is nested too deep is refused', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(TOO_DEEP)('%d deep in a field', async (depth) => {
    const path = agentPath('guardian');
    await expectInvalid(app, 'PUT', path, `{"config":${createNestedJson(depth)}}`, /^config/);
    await expectInvalid(app, 'PUT', path, `{"capabilities":${nestedObjects(depth)}}`, /^capabilities/);
    await expectInvalid(app, 'PUT', path, `{"test_history":[${nestedObjects(depth)}]}`, /^test_history/);
    const learning = `{"learning_patterns":${createNestedJson(depth)}}`;
    await expectInvalid(app, 'POST', agentPath('guardian', 'learning'), learning, /^learning_patterns/);
  });

  it.each(TOO_DEEP)('%d deep in a bulk update', async (depth) => {
    const config = createNestedJson(depth);
    await expectInvalid(app, 'POST', BULK_UPDATE, `{"updates":{"guardian":{"config":${config}}}}`, /^updates/);
    await expectInvalid(app, 'POST', BULK_UPDATE, `{"updates":${nestedObjects(depth)}}`, /^updates/);
  });

  it.each(TOO_DEEP)('%d deep as any field, and as the body itself', async (depth) => {
    for (const { method, path, fields } of WRITE_ROUTES) {
      const [field = ''] = Object.keys(fields);
      await expectInvalid(
        app,
        method,
        path('guardian'),
        `{"${field}":${createNestedJson(depth)}}`,
        new RegExp(`^${field}`),
      );
      await expectInvalid(app, method, path('guardian'), createNestedJson(depth), 'body');
      await expectInvalid(app, method, path('guardian'), nestedObjects(depth), 'a');
    }
  });

  it('32 deep is accepted, and returned', async () => {
    const config = createNestedJson(32);
    expect((await app.send('PUT', agentPath('guardian'), `{"config":${config}}`)).status).toBe(200);
    expect(JSON.stringify((await metricsOf(app, 'guardian'))['config'])).toBe(config);
  });
});
