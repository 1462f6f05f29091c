import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AgentCache } from '../../src/agent-metrics/write/agent-cache.js';
import { verify } from '../../src/verification/verify.js';
import { startPooler } from '../support/pooler.js';
import { addressOf } from '../support/tcp-proxy.js';
import { startTestService, type TestService } from '../support/test-service.js';

const PASSED = { passed: true, score: 90, duration: 3 };

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  await test.service.updateCustodyTestResult('guardian', PASSED);
});
afterAll(() => test.close());
afterEach(() => sql('DROP FUNCTION IF EXISTS interfere() CASCADE'));

const sql = (statement: string) => test.database.query(statement);
const record = () => test.service.updateCustodyTestResult('guardian', PASSED);

/** Runs this SQL of PL/pgSQL for each row. */
async function interfere(trigger: string, body: string): Promise<void> {
  await sql(`CREATE FUNCTION interfere() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$`);
  await sql(`CREATE ${trigger} FOR EACH ROW EXECUTE FUNCTION interfere()`);
}

/** Lets COMMIT sleep. */
const delayCommit = () =>
  interfere(
    'CONSTRAINT TRIGGER interfere AFTER INSERT ON agent_events DEFERRABLE INITIALLY DEFERRED',
    'PERFORM pg_sleep(30); RETURN NEW;',
  );

/**
 * Ends the session that sleeps, or cancels its statement, as soon as there is one. Returns its statement: PostgreSQL reads it before
 * the event, so that it may be an earlier one, which does not sleep.
 */
async function endSleeper(how: 'pg_terminate_backend' | 'pg_cancel_backend' = 'pg_terminate_backend'): Promise<string> {
  for (;;) {
    const [ended] = await test.database.query<{ query: string; ended: boolean }>(
      `SELECT query, ${how}(pid) AS ended FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'PgSleep' AND query !~ '^(START|SET)'`,
    );
    if (ended?.ended) return ended.query;
    await sleep(10);
  }
}

/** Expects that exactly so many more results are recorded, in the row and the ledger. */
async function expectRecorded(before: number, more: number): Promise<void> {
  expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ total_tests_given: before + more });
  expect(await verify(test.dataSource)).toMatchObject({ differences: 0 });
}
const countTests = async () => (await test.service.getAgentMetrics('guardian')).total_tests_given;

const WAYS = [
  { agent: 'a cached agent', isCached: true, statements: ['START', 'SET', 'WITH', 'COMMIT'] },
  { agent: 'a locked agent', isCached: false, statements: ['START', 'SET', 'SELECT', 'WITH', 'COMMIT'] },
];

describe.each(WAYS)('a COMMIT that is sent behind the write of $agent', ({ isCached, statements }) => {
  beforeEach(async () => {
    if (!isCached) jest.spyOn(test.get(AgentCache), 'find').mockReturnValue(null);
    // An outdated entry is not used for a second.
    else while (!test.get(AgentCache).find(['guardian'], performance.now())) await record();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it(`needs ${statements.length} statements`, async () => {
    const texts = await watchStatements(record);
    expect(texts.map((text) => /\w+/.exec(text)?.[0])).toEqual(statements);
  });

  it('commits nothing if a row is not written', async () => {
    const before = await countTests();
    await interfere('TRIGGER interfere BEFORE UPDATE ON agent_metrics', 'RETURN NULL;');
    await expect(record()).rejects.toMatchObject({ code: 'write_conflict' });
    await expectRecorded(before, 0);
  });

  it('commits nothing if an event is refused, and reports the reason', async () => {
    const before = await countTests();
    await interfere('TRIGGER interfere BEFORE INSERT ON agent_events', `RAISE EXCEPTION USING ERRCODE = '53100';`);
    await expect(record()).rejects.toMatchObject({ code: 'database_disk_full' });
    await expectRecorded(before, 0);
  });

  it('fails a request alone, and commits the others of its round', async () => {
    const before = await countTests();
    await test.service.updateCustodyTestResult('sandbox', PASSED);
    await interfere(
      'TRIGGER interfere BEFORE INSERT ON agent_events',
      `IF NEW.agent_type = 'sandbox' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW;`,
    );
    const refused = () => test.service.updateCustodyTestResult('sandbox', PASSED);
    const outcomes = await Promise.allSettled([record(), ...[record, refused, record].map((write) => write())]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await expectRecorded(before, 3);
  });

  it('commits nothing if the connection is ended during the write, and says so', async () => {
    const before = await countTests();
    await interfere('TRIGGER interfere BEFORE INSERT ON agent_events', 'PERFORM pg_sleep(30); RETURN NEW;');
    const [ended, outcome] = await Promise.all([endSleeper(), record().catch((error: unknown) => error)]);
    expect(ended).toMatch(/^\s*WITH written/);
    expect(outcome).toMatchObject({ code: 'database_restarting' });
    expect((outcome as Error).message).not.toMatch(/unknown/i);
    await sql('DROP FUNCTION interfere() CASCADE');
    await expectRecorded(before, 0);
  });

  it('has an unknown outcome if the connection is ended during the COMMIT', async () => {
    const before = await countTests();
    await delayCommit();
    const [ended, outcome] = await Promise.all([endSleeper(), record().catch((error: unknown) => error)]);
    expect(ended).toBe('COMMIT');
    expect(outcome).toMatchObject({ code: 'database_unavailable', message: expect.stringMatching(/unknown/i) });
    await sql('DROP FUNCTION interfere() CASCADE');
    await expectRecorded(before, 0);
  });

  it('commits nothing if the COMMIT is canceled, and says so', async () => {
    const before = await countTests();
    await delayCommit();
    const canceling = endSleeper('pg_cancel_backend');
    const [ended, outcome] = await Promise.all([canceling, record().catch((error: unknown) => error)]);
    expect(ended).toBe('COMMIT');
    expect(outcome).toMatchObject({ code: 'statement_timeout', message: expect.not.stringMatching(/unknown/i) });
    await sql('DROP FUNCTION interfere() CASCADE');
    await expectRecorded(before, 0);
  });
});

/** Statements that the service sends during a call. */

it('has an unknown outcome if a pooler loses its connection to PostgreSQL', async () => {
  const pooler = await startPooler(addressOf(test.database.connection));
  const connection = { ...test.database.connection, host: '127.0.0.1', port: pooler.port };
  const behind = await startTestService({}, { ...test.database, connection });
  const recordBehind = () => behind.service.updateCustodyTestResult('guardian', PASSED);
  const before = await countTests();
  await recordBehind();
  pooler.loseServerAfter('guardian');
  await expect(recordBehind()).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringMatching(/unknown/i),
  });
  await recordBehind();
  await behind.close();
  await pooler.close();
  await expectRecorded(before, 3);
});

async function watchStatements(call: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const known = test.dataSource.logger;
  const ignore = () => undefined;
  const logger = {
    logQuery: (text: string) => texts.push(text),
    logQueryError: ignore,
    logQuerySlow: ignore,
    log: ignore,
  };
  Object.assign(test.dataSource, { logger });
  try {
    await call();
  } finally {
    Object.assign(test.dataSource, { logger: known });
  }
  return texts;
}
