import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, EXPORT } from './support/paths.js';
import { expectProblem } from './support/problem.js';

/** Events that are more than sockets and streams hold: some 40 MB. */
const MANY = `
  INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash)
  SELECT 'many', version, 'learning', jsonb_build_object('learning_patterns', repeat(md5(version::text), 300)), '{}', 1,
         now(), now(), '\\x00', '\\x00' FROM generate_series(1, 4000) version`;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.send('PUT', agentPath('guardian'), { config: { 'a,"b"': '\u2028\r\n' } }, { 'idempotency-key': 'k' });
});
afterAll(() => app.close());

const lines = (text: unknown) => String(text).split('\n').slice(0, -1);

describe('GET export', () => {
  it('streams the ledger as NDJSON', async () => {
    const answer = await app.send('GET', `${EXPORT}?of=events`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="events.ndjson"');
    const events = lines(answer.body).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.pop()).toEqual({ export: expect.objectContaining({ of: 'events', lines: 5 }) });
    expect(events.map(({ agent_type, version }) => [agent_type, version])).toEqual([
      ['conquest', 1],
      ['guardian', 1],
      ['guardian', 2],
      ['imperium', 1],
      ['sandbox', 1],
    ]);
    expect(events[2]).toEqual({
      agent_type: 'guardian',
      version: 2,
      type: 'updated',
      payload: { config: { 'a,"b"': '\u2028\r\n' } },
      result: expect.objectContaining({ created: false }),
      rules_version: 3,
      actor: null,
      idempotency_key: 'k',
      request_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      recorded_at: expect.stringMatching(/\.\d{6}Z$/),
      prev_hash: events[1]?.['hash'],
      recorded_as: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('streams agents as CSV, with every column of the agent', async () => {
    const answer = await app.send('GET', `${EXPORT}?of=agents&format=csv&agent_type=guardian`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [header = '', row = '', end] = String(answer.body).split('\r\n');
    const { metrics } = (await app.send('GET', agentPath('guardian'))).body as { metrics: Record<string, unknown> };
    expect(header.split(',')).toEqual(Object.keys(metrics));
    expect(row).toContain('"{""a,\\""b\\"""": ""\u2028\\r\\n""}"');
    expect(end).toBe('');
  });

  it('escapes formulas in CSV, unless raw is set', async () => {
    await app.send('PUT', agentPath('guardian'), { status: '=1+1' });
    const csv = async (raw: string) =>
      String((await app.send('GET', `${EXPORT}?of=agents&format=csv&agent_type=guardian${raw}`)).body);
    expect(await csv('')).toContain(",'=1+1,");
    expect(await csv('&raw=false')).toContain(",'=1+1,");
    expect(await csv('&raw=true')).toContain(',=1+1,');
  });

  it('responds to HEAD as to GET, without a body and without reading rows', async () => {
    const response = await fetch(`${app.url}${EXPORT}?of=agents`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  });

  it.each([
    ['', ['of']],
    ['?of=everything', ['of']],
    ['?of=agents&format=xml', ['format']],
    ['?of=agents&agent_type=', ['agent_type']],
    [`?of=agents&agent_type=${'a'.repeat(51)}`, ['agent_type']],
    ['?of=agents&limit=1', ['limit']],
    ['?of=agents&raw=yes', ['raw']],
  ])('refuses %j', async (query, fields) => {
    expectProblem(await app.send('GET', EXPORT + query), 'validation_failed', EXPORT, fields);
  });

  it.each(['agents', 'events'])('returns 404 for an unknown agent: %s', async (of) => {
    const answer = await app.send('GET', `${EXPORT}?of=${of}&agent_type=nobody`);
    expectProblem(answer, 'agent_not_found', EXPORT);
    expect(answer.headers.get('content-disposition')).toBeNull();
  });
});

describe('a long export', () => {
  beforeAll(() => app.database.query(MANY));

  /** Begins one and reads the first of it. */
  async function begin() {
    const leave = new AbortController();
    const response = await fetch(`${app.url}${EXPORT}?of=events`, { signal: leave.signal });
    const reader = response.body?.getReader();
    if (!reader) throw new Error('an answer without a body');
    await reader.read();
    const readOn = async (): Promise<number> => {
      let length = 0;
      for (;;) {
        const { value } = (await reader.read()) as { value?: Uint8Array };
        if (!value) return length;
        length += value.length;
      }
    };
    return {
      leave: () => {
        leave.abort();
      },
      readOn,
    };
  }

  /** Sessions that have a cursor open. */
  const sessions = async () =>
    app.database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`,
    );
  async function untilIdle(): Promise<void> {
    const deadline = Date.now() + 10_000;
    while ((await sessions()).length > 0) {
      if (Date.now() > deadline) throw new Error('a transaction is still open');
      await sleep(20);
    }
  }

  it('releases its connection when the client disconnects, repeatedly', async () => {
    for (let round = 0; round < 5; round++) {
      const { leave } = await begin();
      expect(await sessions()).toHaveLength(1);
      leave();
      await untilIdle();
    }
    const { readOn } = await begin();
    expect(await readOn()).toBeGreaterThan(30_000_000);
    await untilIdle();
  });

  it('closes the connection if it fails during the response', async () => {
    const { readOn } = await begin();
    const [session] = await sessions();
    await app.database.query('SELECT pg_terminate_backend($1)', [session?.pid]);
    await expect(readOn()).rejects.toThrow('terminated');
    expect((await app.send('GET', `${EXPORT}?of=agents`)).status).toBe(200);
  });

  it('is refused while two others run, which continue', async () => {
    const [first, second] = [await begin(), await begin()];
    const refused = await app.send('GET', `${EXPORT}?of=agents`);
    expectProblem(refused, 'overloaded', EXPORT);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await first.readOn()).toBeGreaterThan(30_000_000);
    expect((await app.send('GET', `${EXPORT}?of=agents`)).status).toBe(200);
    second.leave();
    await untilIdle();
  });

  it('reads the snapshot of its start, and does not block writes', async () => {
    const { readOn } = await begin();
    await app.send('PUT', agentPath('zz'), {});
    expect((await app.send('GET', agentPath('zz'))).status).toBe(200);
    const before = await readOn();
    const { readOn: readAgain } = await begin();
    expect(await readAgain()).toBeGreaterThan(before);
  });

  it('ends as incomplete when the service shuts down', async () => {
    const other = await startTestApp({ PREPARED_STATEMENTS: 'on' });
    await other.database.query(MANY);
    const response = await fetch(`${other.url}${EXPORT}?of=events`);
    await Promise.all([other.close(), expect(response.text()).rejects.toThrow('terminated')]);
  });
});
