import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/database/transactions/index.js';
import { CITUS } from '../../src/database/storage/index.js';
import { insertValues } from '../../src/database/storage/values-insert.js';
import { createDistributedDatabase } from '../support/distributed-database.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';

const PASSED = { passed: true, score: 90.25, duration: 60.5 };

let database: TestDatabase;
let test: TestService;
beforeAll(async () => {
  database = await createDistributedDatabase();
  test = await startTestService({ CONNECTION_POOL_SIZE: '1', MAX_OVERFLOW: '0', PREPARED_STATEMENTS: 'on' }, database);
});
afterAll(async () => {
  await test.close();
  await database.drop();
});

/** Runs work in a transaction. Returns the texts of its statements. */
async function record(work: (session: Session) => Promise<void>): Promise<string[]> {
  const texts: string[] = [];
  await test.transactions.run((session) =>
    work({
      query: async <T>(text: string, parameters?: unknown[]): Promise<T> => {
        texts.push(text);
        return session.query<T>(text, parameters);
      },
    }),
  );
  return texts;
}

describe('on a distributed database', () => {
  it('rows are inserted as parameters, in as few statements as their maximum number permits', async () => {
    await database.query('CREATE TABLE notes (name text, number integer, detail jsonb)');
    const rows = Array.from({ length: 50_000 }, (_, index) => [`o'name ${index}`, index, '{"a":1}']);
    const target = { table: 'notes', columns: ['name', 'number', 'detail'] };
    const texts = await record(async (session) => {
      await insertValues(session, target, rows);
    });
    expect(texts.map((text) => text.match(/\$\d+/g)?.length)).toEqual([65_535, 65_535, 18_930]);
    for (const text of texts) expect(text).not.toContain("'");
    expect(
      await database.query('SELECT count(*)::integer, sum(number)::integer FROM notes WHERE name LIKE $1', ["o'name%"]),
    ).toEqual([{ count: 50_000, sum: (50_000 * 49_999) / 2 }]);
  });

  it('returns the inserted rows of all statements', async () => {
    await database.query('CREATE TABLE names (name text PRIMARY KEY)');
    const target = { table: 'names', columns: ['name'], clauses: ' ON CONFLICT DO NOTHING RETURNING name' };
    await database.query("INSERT INTO names VALUES ('7')");
    const rows = Array.from({ length: 70_000 }, (_, index) => [String(index)]);
    await record(async (session) => {
      expect(await insertValues(session, target, rows)).toHaveLength(69_999);
      expect(await insertValues(session, target, [])).toEqual([]);
    });
  });

  it('does not prepare statements whose texts depend on the number of rows', async () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      await Promise.all(
        Array.from({ length: size }, (_, index) => test.service.updateCustodyTestResult(`agent-${index}`, PASSED)),
      );
    }
    const prepared = await test.transactions.read((manager) =>
      manager.query<{ statement: string }[]>('SELECT statement FROM pg_prepared_statements'),
    );
    expect(prepared.length).toBeGreaterThan(3);
    expect(prepared.filter(({ statement }) => /VALUES\s*\(\$1/.test(statement))).toEqual([]);
  });

  it('finds requests by statements that name the agents', async () => {
    const key = 'merged';
    await test.service.updateCustodyTestResult('source', PASSED, { idempotencyKey: key });
    await test.service.updateCustodyTestResult('target', PASSED);
    await test.service.mergeAgents('source', 'target');
    const find = CITUS.buildRequestLookup('named.owner, event.agent_type, named.is_own');
    let found: unknown;
    const texts = await record(async (session) => {
      found = await find(session, [
        { agentType: 'target', key },
        { agentType: 'agent-1', key },
      ]);
    });
    expect(found).toEqual([{ owner: 'target', agent_type: 'source', is_own: false }]);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).toMatch(/agent_type = ANY\(\$\d/);
  });
});
