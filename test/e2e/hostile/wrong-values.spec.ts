import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { BULK_UPDATE } from '../support/paths.js';
import { expectInvalid } from '../support/problem.js';
import { type Stored, stored } from '../support/read.js';
import { PUT_FIELDS, WRONG } from '../support/wrong-values.js';
import { AGENT_ROUTES, WRITE_ROUTES } from '../support/write-routes.js';

/** A body that is right, but for this field, which is spelled in this very way. */
function bodyWith(body: object, field: string, text: string): string {
  const rest = JSON.stringify({ ...body, [field]: undefined }).slice(1);
  return `{${JSON.stringify(field)}:${text}${rest === '}' ? '' : ','}${rest}`;
}

describe('a wrong value is refused with the name of its field', () => {
  let app: TestApp;
  let atFirst: Stored;
  beforeAll(async () => {
    app = await startTestApp();
    atFirst = await stored(app);
  });
  afterAll(() => app.close());

  describe.each(AGENT_ROUTES)('by $name', ({ method, path, fields, body, required, nullable }) => {
    it.each(Object.entries(fields))('%s, which is a %s', async (field, kind) => {
      const isNullable = nullable && !required.includes(field);
      for (const text of WRONG[kind].filter((value) => !(isNullable && value === 'null'))) {
        await expectInvalid(app, method, path('guardian'), bodyWith(body, field, text), new RegExp(`^${field}(\\.|$)`));
      }
      expect(await stored(app)).toEqual(atFirst);
    });
  });

  describe('by bulk-update', () => {
    it.each(Object.entries(PUT_FIELDS))('%s, which is a %s', async (field, kind) => {
      for (const text of WRONG[kind]) {
        const body = `{"updates":{"sandbox":{"status":"active"},"guardian":{"${field}":${text}}}}`;
        await expectInvalid(app, 'POST', BULK_UPDATE, body, new RegExp(`^updates\\.guardian\\.${field}(\\.|$)`));
      }
    });

    it.each(['95', '"{}"', 'true', 'null', '[]', '[{"guardian":{}}]', '""'])('updates that are %s', async (text) => {
      await expectInvalid(app, 'POST', BULK_UPDATE, `{"updates":${text}}`, 'updates');
    });
  });

  it.each(WRITE_ROUTES.flatMap((route) => route.required.map((field) => ({ ...route, field }))))(
    'by $name: $field, which is missing',
    async ({ method, path, body, field }) => {
      await expectInvalid(app, method, path('guardian'), { ...body, [field]: undefined }, field);
    },
  );

  it('by custody-test: all missing fields at once', async () => {
    await expectInvalid(app, 'POST', '/api/agent-metrics/guardian/custody-test', {}, 'passed', 'score', 'duration');
  });

  it('and the valid values are accepted', async () => {
    for (const { method, path, body, fields } of WRITE_ROUTES) {
      expect((await app.send(method, path('guardian'), body)).status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(Object.keys(fields).sort());
    }
  });
});
