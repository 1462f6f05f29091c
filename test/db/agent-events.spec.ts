import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../src/agent-metrics/read/agent-events.js';
import type { EventsRequest } from '../../src/agent-metrics/requests/events-query.dto.js';
import { AgentAccess } from '../../src/common/agent-access.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { voidEvent } from '../support/void-event.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const minutes = (count: number): Date => new Date(NOW.getTime() - count * 60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  test.setClock(NOW);
  const { service } = test;
  const evidence = { run_id: 'run-1', agent_version: '2.0', source: 'ci', environment: 'staging', model: 'm' };
  const options = { idempotencyKey: 'first', actor: 'ci' };
  const custody = { passed: true, score: 80, duration: 1 };
  await service.updateCustodyTestResult(
    'a',
    { ...custody, category: 'reasoning', evidence, timestamp: minutes(9) },
    options,
  );
  await service.updateCustodyTestResult('a', { ...custody, passed: false, timestamp: minutes(8) });
  await service.updateCustodyTestResult('a', {
    outcome: 'errored',
    evidence: { run_id: 'run-2' },
    timestamp: minutes(7),
  });
  await service.updateAdversarialTestResult('a', { score: 90, is_winner: true, timestamp: minutes(6) });
  await service.updateLearningMetrics('a', { learning_cycles: 1 });
  await service.updateCustodyXp('a', 7);
  await service.createOrUpdateAgentMetrics('a', { priority: 'high' });
});
afterAll(() => test.close());

const versions = async (request: EventsRequest = {}, agent = 'a'): Promise<number[]> =>
  (await test.events.list(agent, request)).items.map(({ version }) => version);

async function allPages(agent: string, request: EventsRequest): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor } = await test.events.list(agent, { ...request, cursor });
    events.push(...items);
    if (next_cursor === null) return events;
    cursor = next_cursor;
  }
}

describe('the events of an agent', () => {
  it('are those of the ledger', async () => {
    const events = await allPages('a', { order: 'oldest' });
    const stored = await test.dataSource.query<
      (Omit<RecordedEvent, 'hash' | 'prev_hash'> & { hash: Buffer; prev_hash: Buffer })[]
    >("SELECT * FROM agent_events WHERE agent_type = 'a' ORDER BY version");
    expect(events).toEqual(
      stored.map((event) => ({
        version: event.version,
        type: event.type,
        payload: event.payload,
        actor: event.actor,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        rules_version: event.rules_version,
        hash: event.hash.toString('hex'),
        prev_hash: event.prev_hash.toString('hex'),
        voided_by: null,
        idempotency_key: event.idempotency_key,
      })),
    );
    expect(events[1]).toMatchObject({ actor: 'ci', idempotency_key: 'first', payload: { category: 'reasoning' } });
    expect(await test.events.get('a', 2)).toEqual(events[1]);
  });

  it.each<[EventsRequest, number[]]>([
    [{}, [8, 7, 6, 5, 4, 3, 2, 1]],
    [{ order: 'oldest' }, [1, 2, 3, 4, 5, 6, 7, 8]],
    [{ type: 'custody_test' }, [4, 3, 2]],
    [{ type: 'voided' }, []],
    [{ outcome: 'passed' }, [5, 2]],
    [{ outcome: 'failed' }, [3]],
    [{ outcome: 'errored' }, [4]],
    [{ category: 'reasoning' }, [2]],
    [{ category: 'uncategorized' }, [5, 4, 3]],
    [{ run_id: 'run-1' }, [2]],
    [{ run_id: 'run-2', outcome: 'passed' }, []],
    [{ agent_version: '2.0', environment: 'staging', source: 'ci', model: 'm' }, [2]],
    [{ from: minutes(8) }, [8, 7, 6, 5, 4, 3, 1]],
    [{ from: minutes(8), to: minutes(6) }, [4, 3]],
  ])('with %j', async (request, expected) => {
    expect(await versions(request)).toEqual(expected);
  });

  it.each(['newest', 'oldest'] as const)('have pages, %s first, that concurrent writes do not move', async (order) => {
    const before = (await allPages('a', { order })).map(({ version }) => version);
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await test.events.list('a', { order, limit: 3, cursor });
      found.push(...page.items.map(({ version }) => version));
      cursor = page.next_cursor ?? undefined;
      if (found.length < 7) await test.service.updateCustodyXp('a', 1);
    } while (cursor !== undefined);
    expect(found.slice(0, before.length)).toEqual(before);
    expect(found).toEqual([...found].sort((one, other) => (order === 'newest' ? other - one : one - other)));
  });

  it('end a page before its payloads exceed 4 MiB', async () => {
    const details = { text: 'x'.repeat(16_000) };
    for (let index = 0; index < 600; index += 100) {
      const sent = Array.from({ length: 100 }, () =>
        test.service.updateCustodyTestResult('long', { passed: true, score: 1, duration: 1, evidence: { details } }),
      );
      await Promise.all(sent);
    }
    const page = await test.events.list('long', { limit: 1_000 });
    expect(page.items.length).toBeGreaterThan(200);
    expect(Buffer.byteLength(JSON.stringify(page.items))).toBeLessThan(4.5 * 1024 * 1024);
    expect((await allPages('long', { limit: 1_000 })).map(({ version }) => version)).toEqual(
      Array.from({ length: 601 }, (_, index) => 601 - index),
    );
  });

  it('name the event that voided them', async () => {
    const voiding = await voidEvent(test.database, 'a', 2);
    expect(await test.events.get('a', 2)).toMatchObject({ voided_by: voiding });
    expect(await test.events.get('a', voiding)).toMatchObject({ type: 'voided', voided_by: null });
    expect(await versions({ type: 'voided' })).toEqual([voiding]);
    const events = await allPages('a', { limit: 2 });
    expect(events.flatMap(({ version, voided_by }) => (voided_by === null ? [] : [version]))).toEqual([2]);
  });

  it('are none of an agent without events', async () => {
    await test.database.query("INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('b', 'by-hand')");
    expect(await test.events.list('by-hand')).toEqual({ items: [], next_cursor: null });
    await expect(test.events.get('by-hand', 1)).rejects.toMatchObject({ code: 'event_not_found' });
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ['an agent', () => test.events.list('nobody'), { code: 'agent_not_found' }],
    ['an agent', () => test.events.get('nobody', 1), { code: 'agent_not_found' }],
    ['an event', () => test.events.get('a', 500), { code: 'event_not_found' }],
    ...[0, -1, 1.5, NaN, 2 ** 31, '1', null].map((version): [string, () => Promise<unknown>, object] => [
      'a version',
      () => test.events.get('a', version as number),
      { options: { errors: [{ field: 'version' }] } },
    ]),
    ...Object.entries({ type: 'unknown', outcome: 'won', order: 'random', limit: 1_001, cursor: 'x', run_id: '' }).map(
      ([field, value]): [string, () => Promise<unknown>, object] => [
        `a ${field}`,
        () => test.events.list('a', { [field]: value }),
        { options: { errors: [{ field }] } },
      ],
    ),
  ])('refuse %s that does not exist', async (_case, call, error) => {
    await expect(call()).rejects.toMatchObject(error);
  });

  it('refuse a cursor of the other order', async () => {
    const { next_cursor } = await test.events.list('a', { limit: 1 });
    await expect(test.events.list('a', { order: 'oldest', cursor: next_cursor ?? '' })).rejects.toMatchObject({
      options: { errors: [{ field: 'cursor', detail: 'is of a list with order=newest; use it with the same order' }] },
    });
  });
});

describe('the events of all agents', () => {
  beforeAll(async () => {
    for (const agent of ['b', 'a', 'c', 'later']) {
      await test.service.updateCustodyTestResult(agent, { passed: true, score: 80, duration: 1 });
    }
  });

  const names = async (request: EventsRequest = {}, access?: AgentAccess): Promise<string[]> =>
    (await test.events.listAll(request, access)).items.map(({ agent_type, version }) => `${agent_type} ${version}`);
  const stored = async (): Promise<string[]> =>
    (await test.database.query('SELECT agent_type, version FROM agent_events ORDER BY id DESC')).map(
      (row) => `${String(row['agent_type'])} ${String(row['version'])}`,
    );

  it('are listed in the order of insertion, newest first, with the fields of one event', async () => {
    expect(await names()).toEqual((await stored()).slice(0, 100));
    // Long payloads end the page.
    const oldest = await names({ order: 'oldest', limit: 1_000 });
    expect(oldest).toEqual((await stored()).reverse().slice(0, oldest.length));
    expect(oldest.length).toBeGreaterThan(100);
    const [first] = (await test.events.listAll({ limit: 1 })).items;
    expect(first).toEqual({ agent_type: 'later', ...(await test.events.get('later', 2)) });
  });

  it('are listed in pages, which events that are recorded meanwhile do not change', async () => {
    for (const order of ['newest', 'oldest'] as const) {
      const expected = order === 'newest' ? await stored() : (await stored()).reverse();
      const found: string[] = [];
      for (let cursor: string | undefined; ;) {
        const { items, next_cursor } = await test.events.listAll({ limit: 90, order, cursor });
        found.push(...items.map(({ agent_type, version }) => `${agent_type} ${version}`));
        if (order === 'newest') await test.service.updateCustodyXp('later', 1);
        if (next_cursor === null) break;
        cursor = next_cursor;
      }
      expect(found).toEqual(expected);
    }
  });

  it('are selected like those of one agent, and limited to the agents of the caller', async () => {
    expect(await names({ run_id: 'run-1' })).toEqual(['a 2']);
    expect(await names({ outcome: 'failed' })).toEqual(['a 3']);
    expect(await names({ type: 'created' })).toEqual(expect.arrayContaining(['a 1', 'b 1', 'c 1']));
    expect(await names({}, AgentAccess.of(['b', 'c*']))).toEqual(['c 2', 'c 1', 'b 2', 'b 1', 'conquest 1']);
    expect(await names({ limit: 1, type: 'custody_test' }, AgentAccess.of(['b']))).toEqual(['b 2']);
  });

  it('keep rows apart that have the same id', async () => {
    await test.database.query(`UPDATE agent_events SET id = (SELECT max(id) FROM agent_events) WHERE agent_type = 'b'`);
    const found: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { items, next_cursor } = await test.events.listAll({ limit: 1, cursor, type: 'custody_test' });
      found.push(...items.map(({ agent_type, version }) => `${agent_type} ${version}`));
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    expect(new Set(found).size).toBe(found.length);
    const [row] = await test.database.query(`SELECT count(*)::int FROM agent_events WHERE type = 'custody_test'`);
    expect(found).toHaveLength(Number(row?.['count']));
  });

  it('are refused with cursors of other lists', async () => {
    const { next_cursor } = await test.events.listAll({ limit: 1 });
    const { next_cursor: ofAgent } = await test.events.list('a', { limit: 1 });
    for (const request of [
      { cursor: next_cursor ?? '', order: 'oldest' as const },
      { cursor: ofAgent ?? '' },
      { cursor: 'x' },
    ]) {
      await expect(test.events.listAll(request)).rejects.toMatchObject({ options: { errors: [{ field: 'cursor' }] } });
    }
  });
});
