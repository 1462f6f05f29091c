import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, BULK_UPDATE } from '../support/paths.js';
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
/** Columns that a client doesn't set. */
const NOT_SETTABLE = [
  'id',
  'agent_type',
  'version',
  'ledger_hash',
  'created_at',
  'updated_at',
  'last_learning_cycle',
  'last_success',
  'last_failure',
  'last_test_date',
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

  it.each(NOT_SETTABLE)('by a PUT and a bulk update: the column %s', async (field) => {
    const values = ['2025-01-25T10:00:00Z', 1, null];
    for (const value of values) {
      await expectInvalid(app, 'PUT', agentPath('guardian'), { [field]: value }, field);
      const updates = { guardian: { [field]: value } };
      await expectInvalid(app, 'POST', BULK_UPDATE, { updates }, `updates.guardian.${field}`);
    }
  });

  it('all of them at once', async () => {
    await expectInvalid(app, 'PUT', agentPath('guardian'), { a: 1, status: 'active', b: 2 }, 'a', 'b');
  });

  it('one with a name of a megabyte, in an answer of some hundred bytes', async () => {
    const name = 'n'.repeat(1_000_000);
    await expectInvalid(app, 'PUT', agentPath('guardian'), { [name]: 1 }, /^n{50,200}$/);
  });
});
