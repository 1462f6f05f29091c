import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { emptyLedger, feedOf, nameOf, namesOf, readFeed } from '../../support/feed.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const CUSTODY = { passed: true, score: 80, duration: 1 };

let test: TestService;
beforeEach(async () => {
  test = await startTestService();
  await emptyLedger(test);
});
afterEach(() => test.close());

const record = (agent: string) => test.service.updateCustodyTestResult(agent, CUSTODY);

describe('the feed', () => {
  it('has every event once, in the order of insertion, with ascending positions', async () => {
    for (const agent of ['a', 'b', 'a', 'c', 'b']) await record(agent);
    const events = await readFeed(feedOf(test), 8);
    expect(namesOf(events)).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'a 3', 'c 1', 'c 2', 'b 3']);
    expect(events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const stored = await test.events.get('a', 3);
    const { voided_by, ...expected } = stored;
    expect([voided_by, events[4]]).toEqual([null, { ...expected, position: 5, agent_type: 'a' }]);
  });

  it('begins with new events by default, and waits for them', async () => {
    await record('a');
    const reading = readFeed(feedOf(test), 2, {});
    await sleep(200);
    await record('b');
    expect(namesOf(await reading)).toEqual(['b 1', 'b 2']);
  });

  it('selects agents and types, and passes what it does not select', async () => {
    for (const agent of ['a', 'b', 'a']) await record(agent);
    const feed = feedOf(test);
    expect(namesOf(await readFeed(feed, 9, { after: 0, agentTypes: ['a'] }, 200))).toEqual(['a 1', 'a 2', 'a 3']);
    const created = await readFeed(feed, 9, { after: 0, types: ['created'] }, 200);
    expect(namesOf(created)).toEqual(['a 1', 'b 1']);
    const reader = await feed.open({ after: 0, agentTypes: ['b'] });
    await reader.next(200);
    expect(await reader.next(100)).toEqual({ events: [], position: 5 });
    reader.close();
  });

  it('does not wait for a transaction that is not one of its own, and lists its event when it commits', async () => {
    await record('a');
    const other = new pg.Client(test.database.url);
    await other.connect();
    await other.query(`BEGIN; CREATE TEMPORARY TABLE busy AS SELECT 1`);
    await test.dataSource.transaction(async (manager) => {
      await test.service.updateCustodyTestResult('late', CUSTODY, { manager });
      await record('b');
      const startedAt = performance.now();
      expect(namesOf(await readFeed(feedOf(test), 4))).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
      expect(performance.now() - startedAt).toBeLessThan(2_500);
      expect(await test.database.query('SELECT * FROM feed_gaps')).toEqual([{ first_id: '3', last_id: '4' }]);
    });
    await record('c');
    const events = await readFeed(feedOf(test), 8);
    expect(namesOf(events).slice(0, 4)).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
    expect(namesOf(events).slice(4).sort()).toEqual(['c 1', 'c 2', 'late 1', 'late 2']);
    expect(await test.database.query('SELECT * FROM feed_gaps')).toEqual([]);
    expect(await readFeed(feedOf(test), 8)).toEqual(events);
    await other.end();
  });

  it('passes ids of aborted transactions at once, and forgets them', async () => {
    await record('a');
    const aborted = test.dataSource.transaction(async (manager) => {
      for (const agent of ['x', 'y', 'z']) await test.service.updateCustodyTestResult(agent, CUSTODY, { manager });
      await record('b');
      throw new Error('aborted');
    });
    await expect(aborted).rejects.toThrow('aborted');
    const startedAt = performance.now();
    expect(namesOf(await readFeed(feedOf(test), 4))).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
    expect(performance.now() - startedAt).toBeLessThan(450);
    expect(await test.database.query('SELECT * FROM feed_gaps')).toEqual([]);
    expect(await test.database.query('SELECT * FROM feed_segments')).toHaveLength(1);
  });

  it('forgets aborted ids that it had passed', async () => {
    await record('a');
    const feed = feedOf(test);
    const aborted = test.dataSource.transaction(async (manager) => {
      await test.service.updateCustodyTestResult('x', CUSTODY, { manager });
      await record('b');
      expect(await readFeed(feed, 4)).toHaveLength(4);
      throw new Error('aborted');
    });
    await expect(aborted).rejects.toThrow('aborted');
    await record('c');
    expect(namesOf(await readFeed(feed, 7, { after: 0 }, 500))).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2']);
    expect(await test.database.query('SELECT * FROM feed_gaps')).toEqual([]);
  });

  it('keeps its order when an agent is renamed, and omits erased events', async () => {
    for (const agent of ['a', 'b', 'a', 'c']) await record(agent);
    const feed = feedOf(test);
    const before = await readFeed(feed, 7);
    await test.service.renameAgent('a', 'renamed');
    const events = await readFeed(feed, 8);
    expect(namesOf(events)).toEqual([
      ...before.map((event) =>
        nameOf({ ...event, agent_type: event.agent_type === 'a' ? 'renamed' : event.agent_type }),
      ),
      'renamed 4',
    ]);
    expect(events.slice(0, 7).map(({ position }) => position)).toEqual(before.map(({ position }) => position));
    await test.service.eraseAgent('renamed', { agent_type: 'renamed', reason: 'test' });
    expect(namesOf(await readFeed(feed, 4, { after: 0 }, 300))).toEqual(['b 1', 'b 2', 'c 1', 'c 2']);
  });

  it('refuses positions after its end, and closed readers return nothing', async () => {
    await record('a');
    const feed = feedOf(test);
    await readFeed(feed, 2);
    await expect(feed.open({ after: 3 })).rejects.toThrow('invalid field');
    for (const after of [-1, 1.5, Number.NaN]) {
      await expect(feed.open({ after })).rejects.toThrow('invalid field');
    }
    const reader = await feed.open();
    const waiting = reader.next(60_000);
    reader.close();
    expect(await waiting).toEqual({ events: [], position: 2 });
    expect(feed.readerCount).toBe(0);
  });

  it('ignores ids that the sequence has not assigned', async () => {
    await record('a');
    await test.database.query(
      `INSERT INTO agent_events (agent_type, version, id, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash)
       SELECT 'manual', version, 1000, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash
         FROM agent_events WHERE agent_type = 'a'`,
    );
    const feed = feedOf(test);
    expect(namesOf(await readFeed(feed, 3, { after: 0 }, 300))).toEqual(['a 1', 'a 2']);
    await record('b');
    expect(namesOf(await readFeed(feed, 5, { after: 0 }, 300))).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
  });
});
