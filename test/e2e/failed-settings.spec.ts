import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startService, type ServiceProcess } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let service: ServiceProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({
    DATABASE_URL: database.url,
    NODE_OPTIONS: '--import ./test/support/fail-settings.mjs',
  });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await database.drop();
});

const record = async (key: string) => {
  const response = await fetch(`${service.url}/api/agent-metrics/guardian/custody-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ passed: true, score: 90, duration: 1 }),
  });
  return response.status;
};

/** An error that is handled too late would end the process. */
it('settings that fail before the other statements of a round fail its requests only', async () => {
  expect(await record('a')).toBe(200);
  service.signal('SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await record('b')).toBe(500);
  service.signal('SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await record('b')).toBe(200);
  expect(await database.query('SELECT 1 FROM agent_events WHERE idempotency_key IS NOT NULL')).toHaveLength(2);
});
