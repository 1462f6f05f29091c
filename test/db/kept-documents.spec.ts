import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AgentDocuments } from '../../src/agent-metrics/read/agent-documents.js';
import { CITUS, SINGLE_SERVER } from '../../src/database/storage/index.js';
import { startTestService, type TestService } from '../support/test-service.js';

const PASSED = { passed: true, score: 90, duration: 3 };

let test: TestService;
let documents: AgentDocuments;
beforeAll(async () => {
  test = await startTestService();
  await test.service.updateCustodyTestResult('guardian', PASSED);
  documents = new AgentDocuments(test.transactions, SINGLE_SERVER);
});
afterAll(() => test.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const sql = (statement: string) => test.database.query(statement);
/** Reads an agent, and what PostgreSQL returned for it. */
async function readRow(reading: AgentDocuments): Promise<unknown> {
  const read = jest.spyOn(test.transactions, 'read');
  await reading.getMetrics('guardian');
  const [rows] = (await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown>))) as object[][];
  read.mockRestore();
  return rows?.[0];
}

describe('documents of agents', () => {
  it('are read from PostgreSQL once for each version of a row', async () => {
    expect(await readRow(documents)).toMatchObject({ json: expect.stringContaining('guardian') });
    expect(await readRow(documents)).toMatchObject({ json: null });
    await test.service.updateCustodyTestResult('guardian', PASSED);
    expect(await readRow(documents)).toMatchObject({ json: expect.stringContaining('guardian') });
    expect(await readRow(documents)).toMatchObject({ json: null });
  });

  it('are read each time on Citus, which has no version of a row', async () => {
    const distributed = new AgentDocuments(test.transactions, CITUS);
    for (const json of [expect.any(String), expect.any(String)])
      expect(await readRow(distributed)).toMatchObject({ row_version: null, json });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a result', () => test.service.updateCustodyTestResult('guardian', PASSED)],
    ['a manual edit', () => sql(`UPDATE agent_metrics SET xp = xp + 1 WHERE agent_type = 'guardian'`)],
    [
      'the edit of a column that the ledger does not have',
      () => sql(`ALTER TABLE agent_metrics ADD COLUMN note text; UPDATE agent_metrics SET note = 'x'`),
    ],
    ['another edit of the edited row', () => sql(`UPDATE agent_metrics SET status = 'busy'`)],
    ['the write that discards the edits', () => test.service.updateCustodyXp('guardian', 5)],
    [
      'an edit without the trigger that marks it',
      () =>
        sql(
          `BEGIN; SET LOCAL session_replication_role = replica; UPDATE agent_metrics SET xp = 7, status = 'lost'; COMMIT`,
        ),
    ],
    ['an edit that is rolled back', () => sql(`BEGIN; UPDATE agent_metrics SET xp = 9; ROLLBACK`)],
    ['a table that is written again', () => sql('VACUUM FULL agent_metrics')],
    [
      'a row that is deleted and inserted',
      () =>
        sql(`BEGIN; CREATE TEMPORARY TABLE copy AS SELECT * FROM agent_metrics; DELETE FROM agent_metrics;
             INSERT INTO agent_metrics SELECT * FROM copy; DROP TABLE copy; COMMIT`),
    ],
    ['a reset', () => test.service.resetAgentMetrics('guardian')],
  ])('are current after %s', async (_, change) => {
    const read = async (from: AgentDocuments) => [
      await from.getMetrics('guardian'),
      await from.getCustodyMetrics('guardian'),
    ];
    await read(documents);
    await change();
    const current = await read(new AgentDocuments(test.transactions, SINGLE_SERVER));
    expect(await read(documents)).toMatchObject(current);
    expect(await read(documents)).toMatchObject(current);
  });

  it('are not found after the agent was deleted', async () => {
    await documents.getMetrics('guardian');
    await sql(`DELETE FROM agent_metrics WHERE agent_type = 'guardian'`);
    await expect(documents.getMetrics('guardian')).rejects.toMatchObject({ code: 'agent_not_found' });
  });
});
