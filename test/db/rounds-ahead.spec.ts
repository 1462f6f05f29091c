import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandExecutor } from '../../src/agent-metrics/write/command-executor.js';
import type { DecidedRound } from '../../src/agent-metrics/write/decided-round.js';
import { RoundWriter } from '../../src/agent-metrics/write/round-writer.js';
import { Clock } from '../../src/common/clock.js';
import { verify } from '../../src/verification/verify.js';
import { startTestService, type TestService } from '../support/test-service.js';

const BATCHES = 20;
const BATCH_SIZE = 60;
const TOTAL = BATCHES * BATCH_SIZE;
const HOUR_MS = 3_600_000;

let test: TestService;
beforeEach(async () => {
  test = await startTestService();
});
afterEach(() => test.close());

/** The times are out of order, so that some results are late. */
const batch = (prefix: string, number: number) =>
  Array.from({ length: BATCH_SIZE }, (_, index) => {
    const position = number * BATCH_SIZE + index;
    return {
      id: `${prefix}-${position}`,
      agent_type: 'guardian',
      passed: position % 3 > 0,
      score: position % 100,
      duration: 1,
      xp_awarded: 1,
      timestamp: new Date(Date.UTC(2025, 0, 1) + ((position * 7_919) % TOTAL) * HOUR_MS).toISOString(),
    };
  });
const batches = (prefix: string) => Array.from({ length: BATCHES }, (_, number) => batch(prefix, number));

/**
 * Counts the rounds that are written as they were decided ahead.
 *
 * @param interrupt called once, before the transaction of the first of them
 */
function countAhead(interrupt: () => Promise<unknown> = () => Promise.resolve()): () => number {
  let written = 0;
  let interrupted: Promise<unknown> | undefined;
  const ahead = new Set<DecidedRound>();
  const executor = test.get(CommandExecutor);
  const decideUnlocked = executor.decideUnlocked.bind(executor);
  jest.spyOn(executor, 'decideUnlocked').mockImplementation(async (session, units, known, pending = []) => {
    const round = await decideUnlocked(session, units, known, pending);
    if (round && pending.length > 0) ahead.add(round);
    return round;
  });
  const { transactions } = test;
  const run = transactions.run.bind(transactions);
  jest.spyOn(transactions, 'run').mockImplementation(async (work, outer) => {
    if (ahead.size > 0) await (interrupted ??= interrupt());
    return run(work, outer);
  });
  const writer = test.get(RoundWriter);
  const writeAtOnce = writer.writeAtOnce.bind(writer);
  jest.spyOn(writer, 'writeAtOnce').mockImplementation((session, round) => {
    const writing = writeAtOnce(session, round);
    if (writing && ahead.has(round)) void writing.then(() => written++).catch(() => undefined);
    return writing;
  });
  return () => written;
}

async function expectRecorded(given: number): Promise<void> {
  const [ledger] = await test.database.query<Record<string, number>>(`
    SELECT count(*)::integer AS tests, count(DISTINCT idempotency_key)::integer AS keys
      FROM agent_events WHERE agent_type = 'guardian' AND type = 'custody_test'`);
  expect(ledger).toEqual({ tests: given, keys: given });
  expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ total_tests_given: given });
  expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
}

describe('results that wait for a round of their agent', () => {
  it('are decided on its expected result', async () => {
    const ahead = countAhead();
    const outcomes = (await Promise.all(batches('all').map((items) => test.service.recordResults(items)))).flat();
    expect(outcomes.map(({ status }) => status)).toEqual(Array(TOTAL).fill('recorded'));
    expect(ahead()).toBeGreaterThan(0);
    await expectRecorded(TOTAL);
  });

  it('are recorded once, if the round has the same ids', async () => {
    const results = batch('same', 0);
    const outcomes = await Promise.all(Array.from({ length: BATCHES }, () => test.service.recordResults(results)));
    const statuses = outcomes.flat().map(({ status }) => status);
    expect(statuses.filter((status) => status === 'recorded')).toHaveLength(BATCH_SIZE);
    expect(statuses.filter((status) => status === 'replayed')).toHaveLength(TOTAL - BATCH_SIZE);
    await expectRecorded(BATCH_SIZE);
  });

  it('are decided again if another instance writes first', async () => {
    const other = await startTestService({}, test.database);
    try {
      const [foreign] = batch('foreign', 0);
      const ahead = countAhead(() =>
        other.service.recordResults([{ ...foreign, id: 'all-719', agent_type: 'guardian' }]),
      );
      const outcomes = (await Promise.all(batches('all').map((items) => test.service.recordResults(items)))).flat();
      const refused = outcomes.filter(({ status }) => status !== 'recorded');
      expect(refused).toMatchObject([{ id: 'all-719', error: { code: 'idempotency_key_reused' } }]);
      expect(ahead()).toBeGreaterThan(0);
      await expectRecorded(TOTAL);
    } finally {
      await other.close();
    }
  });

  it('are recorded exactly once by two instances', async () => {
    const other = await startTestService({}, test.database);
    try {
      const sent = [test, other].flatMap(({ service }) => batches('both').map((items) => service.recordResults(items)));
      const statuses = (await Promise.all(sent)).flat().map(({ status }) => status);
      expect(statuses.filter((status) => status === 'recorded')).toHaveLength(TOTAL);
      expect(statuses.filter((status) => status === 'replayed')).toHaveLength(TOTAL);
      await expectRecorded(TOTAL);
    } finally {
      await other.close();
    }
  });

  it('are decided again if the row is edited by hand, and the edit is discarded', async () => {
    const edit = `UPDATE agent_metrics SET xp = xp + 1000 WHERE agent_type = 'guardian'`;
    const ahead = countAhead(() => test.database.query(edit));
    await Promise.all(batches('all').map((items) => test.service.recordResults(items)));
    expect(ahead()).toBeGreaterThan(0);
    expect(await test.database.query(`SELECT 1 FROM agent_events WHERE type = 'edit_discarded'`)).toHaveLength(1);
    await expectRecorded(TOTAL);
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ xp: 0 });
  });

  it('are recorded if the database refuses one result of the round', async () => {
    await test.database.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poisoned'; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON agent_events FOR EACH ROW
        WHEN (NEW.idempotency_key IN ('all-3', 'all-200', 'all-400')) EXECUTE FUNCTION fail()`);
    const outcomes = (await Promise.all(batches('all').map((items) => test.service.recordResults(items)))).flat();
    expect(outcomes.filter(({ status }) => status === 'refused').map(({ id }) => id)).toEqual([
      'all-3',
      'all-200',
      'all-400',
    ]);
    await expectRecorded(TOTAL - 3);
  });

  it('do not delay other agents', async () => {
    const hot = Promise.all(
      ['one', 'two', 'three'].flatMap(batches).map(async (items) => {
        await test.service.recordResults(items);
        return performance.now();
      }),
    );
    const [item] = batch('other', 0);
    if (!item) throw new Error('no item');
    for (const agentType of ['sandbox', 'conquest'])
      await test.service.recordResults([{ ...item, agent_type: agentType }]);
    const others = performance.now();
    expect((await hot).filter((end) => end > others).length).toBeGreaterThan(0);
  });
});

describe('the time of a round', () => {
  it('is one for all its decisions', async () => {
    const clock = test.get(Clock);
    const start = Date.now() - HOUR_MS;
    for (let step = 0; step < 6; step++) {
      const agent_type = `agent-${step}`;
      const result = { agent_type, passed: true, score: 95, duration: 1 };
      await test.service.recordResults([
        { ...result, id: 'first', timestamp: new Date(start - HOUR_MS).toISOString() },
      ]);
      let calls = 0;
      const now = jest.spyOn(clock, 'now').mockImplementation(() => new Date(start + 1_000 * calls++));
      // Of the same time, no result is late. Later times of the first one would make the second one late.
      const timestamp = new Date(start + 1_000 * step).toISOString();
      await test.service.recordResults([
        { ...result, id: 'without time' },
        { ...result, id: 'with time', passed: false, timestamp },
      ]);
      now.mockRestore();
    }
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
  });
});
