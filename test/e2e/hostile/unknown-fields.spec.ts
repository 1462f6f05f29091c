import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectInvalid } from '../support/problem.js';
import { WRITE_ROUTES } from '../support/write-routes.js';

/** Own keys of JSON that are also names of what every object, or a DTO, has. */
const UNKNOWN = [
  'nonsense',
  'xpp',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  '0',
  '',
  ' ',
  'Score',
  '🙂',
];
describe('an unknown field is refused with its name', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  describe.each(WRITE_ROUTES)('by $name', ({ method, path, body }) => {
    it.each(UNKNOWN)('"%s"', async (field) => {
      await expectInvalid(app, method, path('guardian'), { ...body, [field]: 1 }, field);
    });
  });

  it('all of them at once', async () => {
    await expectInvalid(app, 'PUT', agentPath('guardian'), { a: 1, status: 'active', b: 2 }, 'a', 'b');
  });

  it('one with a name of a megabyte, in a response of a few hundred bytes', async () => {
    const name = 'n'.repeat(1_000_000);
    await expectInvalid(app, 'PUT', agentPath('guardian'), { [name]: 1 }, /^n{50,200}$/);
  });
});
